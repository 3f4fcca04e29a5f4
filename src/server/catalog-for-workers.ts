/** The process that has the catalog, as its workers ask it: who serves a version, who hears of its requests, and what one process must know of calls. */
import type { Catalog } from '../catalog/catalog.ts';
import { RuntimeError } from '../contract/errors.ts';
import { type Api, type CallCount, type Caller, NOT_COUNTED } from '../gateway/api.ts';
import type { GuardedRequest, Verdict } from '../gateway/guard.ts';
import type { RequestObserver } from '../gateway/request-observer.ts';
import type { Log } from '../telemetry/log.ts';
import type { CatalogOwner, FrontFunction } from '../workers/front.ts';
import type { DeployedVersion } from '../workers/messages.ts';
import type { DeployedFunctions } from './deployed-functions.ts';
import type { TriggerApis } from './trigger-apis.ts';

export interface CatalogForWorkersOptions {
	readonly catalog: Pick<Catalog, 'triggers'>;
	readonly functions: Pick<DeployedFunctions, 'generation' | 'served' | 'log' | 'observer'>;
	readonly apis: Pick<TriggerApis, 'of'>;
}

export class CatalogForWorkers implements CatalogOwner {
	readonly #options: CatalogForWorkersOptions;
	/** As the catalog was when it had changed so many times; null: there is none of that id. */
	readonly #apis = new Map<string, Api | null>();
	#generation = -1;

	constructor(options: CatalogForWorkersOptions) {
		this.#options = options;
	}

	served({ functionId, version }: DeployedVersion): FrontFunction {
		return this.#options.functions.served(functionId, version);
	}

	log({ functionId, version }: DeployedVersion): Log {
		return this.#options.functions.log(functionId, version);
	}

	observer({ functionId, version }: DeployedVersion): RequestObserver {
		return this.#options.functions.observer(functionId, version);
	}

	judge(apiId: string, request: GuardedRequest): Verdict | Promise<Verdict> {
		return this.#apiOf(apiId)?.guard?.judge(request) ?? unknownApi(apiId);
	}

	count(apiId: string, caller: Caller): CallCount | Promise<CallCount> {
		return this.#apiOf(apiId)?.throttle?.admit(caller) ?? NOT_COUNTED;
	}

	#apiOf(apiId: string): Api | null {
		const { catalog, functions, apis } = this.#options;
		if (this.#generation !== functions.generation) this.#apis.clear();
		this.#generation = functions.generation;
		const known = this.#apis.get(apiId);
		if (known !== undefined) return known;
		const trigger = catalog.triggers.ofApi(apiId);
		const api = trigger === null ? null : apis.of(trigger);
		this.#apis.set(apiId, api);
		return api;
	}
}

/** It was there a moment ago, when the worker looked. */
function unknownApi(apiId: string): RuntimeError {
	return new RuntimeError('ERR_AUTHORIZER_NOT_FOUND', `the API ${apiId} asks no authorizer any more`);
}
