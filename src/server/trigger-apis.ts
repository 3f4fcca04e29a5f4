/** What the APIs of triggers ask of their callers, by what the catalog says now. */
import type { AppRecord } from '../catalog/app-records.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { TriggerRecord } from '../catalog/records.ts';
import type { Sealer } from '../catalog/sealer.ts';
import { SecretKeys } from '../catalog/secret-keys.ts';
import { stageOf } from '../catalog/trigger-stage.ts';
import { RuntimeError } from '../contract/errors.ts';
import { nodeCrypto } from '../contract/node-crypto.ts';
import type { Invoker } from '../control/invoker.ts';
import { AddressRule } from '../gateway/address-rule.ts';
import type { Api, CallThrottle } from '../gateway/api.ts';
import type { App, AppDirectory } from '../gateway/auth/app-directory.ts';
import { AppGuard } from '../gateway/auth/app-guard.ts';
import type { AuthorizedApi } from '../gateway/auth/authorizer-event.ts';
import type { Authorizer } from '../gateway/auth/authorizer-guard.ts';
import { AuthorizerGuards } from '../gateway/auth/authorizer-guards.ts';
import { IamGuard } from '../gateway/auth/iam-guard.ts';
import { KnownApps } from '../gateway/auth/known-apps.ts';
import { Cors } from '../gateway/cors.ts';
import type { Guard } from '../gateway/guard.ts';
import { askAuthorizer } from './ask-authorizer.ts';
import { KeptThrottles } from './kept-throttles.ts';

interface CommonOptions {
	readonly catalog: Pick<
		Catalog,
		'acls' | 'apps' | 'authorizers' | 'functions' | 'plugins' | 'throttles' | 'users'
	>;
	readonly sealer: Pick<Sealer, 'open'>;
	/** Another number after every change of the catalog. */
	readonly generation: () => number;
	/** Whether clients can call by https: APIs that want it can not be called at all otherwise. */
	readonly secure: boolean;
}

interface AloneOptions extends CommonOptions {
	/** Calls the functions of authorizers. */
	readonly invoker: Pick<Invoker, 'invoke'>;
	readonly region: string;
}

interface OwnedOptions extends CommonOptions {
	/** Who asks authorizers and counts calls, for several processes. */
	readonly owner: {
		guardOf(apiId: string): Guard;
		throttleOf(apiId: string): CallThrottle;
	};
}

export type TriggerApisOptions = AloneOptions | OwnedOptions;

export class TriggerApis {
	readonly #catalog: TriggerApisOptions['catalog'];
	readonly #apps: AppDirectory;
	readonly #users: Guard;
	readonly #authorizerOf: (authorizer: Authorizer, api: AuthorizedApi) => Guard;
	readonly #throttleOf: (apiId: string) => CallThrottle | null;
	readonly #secure: boolean;

	constructor(options: TriggerApisOptions) {
		const { catalog, sealer, generation, secure } = options;
		this.#catalog = catalog;
		this.#secure = secure;
		this.#apps = new KnownApps(directoryOf(catalog, sealer), generation);
		this.#users = new IamGuard({ users: catalog.users, secretKeys: new SecretKeys(sealer) });
		if ('owner' in options) {
			const { owner } = options;
			this.#authorizerOf = (_authorizer, { id }) => owner.guardOf(id);
			this.#throttleOf = (id) => (catalog.throttles.ofApi(id) === null ? null : owner.throttleOf(id));
			return;
		}
		const authorizers = new AuthorizerGuards({ invoke: askAuthorizer(options) });
		const throttles = new KeptThrottles(catalog.throttles);
		this.#authorizerOf = (authorizer, api) => authorizers.of(authorizer, api);
		this.#throttleOf = (id) => throttles.of(id);
	}

	/** Throws ERR_AUTHORIZER_NOT_FOUND. */
	of(trigger: TriggerRecord): Api {
		const { type, timeoutMs, eventData } = trigger;
		const id = String(eventData.api_id);
		return {
			id,
			family: type === 'APIC' ? 'APIC' : 'APIG',
			backendTimeoutMs: timeoutMs,
			addresses: this.#addressesOf(id),
			httpsOnly: this.#secure && eventData.protocol === 'HTTPS',
			cors: this.#corsOf(id),
			guard: this.#guardOf(trigger),
			throttle: this.#throttleOf(id),
		};
	}

	#addressesOf(apiId: string): AddressRule | null {
		const acl = this.#catalog.acls.ofApi(apiId);
		return acl === null ? null : new AddressRule(acl.permits, acl.blocks);
	}

	#corsOf(apiId: string): Cors | null {
		const plugin = this.#catalog.plugins.ofApi(apiId);
		return plugin === null ? null : new Cors(plugin.cors);
	}

	/** Null: anybody may call it. */
	#guardOf(trigger: TriggerRecord): Guard | null {
		const apiId = String(trigger.eventData.api_id);
		switch (trigger.auth) {
			case 'NONE':
				return null;
			case 'APP':
				return new AppGuard({ apiId, apps: this.#apps });
			case 'IAM':
				return this.#users;
			case 'AUTHORIZER':
				return this.#authorizerOf(this.#authorizerNamed(trigger), { id: apiId, stage: stageOf(trigger) });
			default:
				return trigger.auth satisfies never;
		}
	}

	#authorizerNamed({ eventData }: TriggerRecord) {
		const authorizer = this.#catalog.authorizers.find(String(eventData.authorizer_id));
		if (authorizer !== null) return authorizer;
		throw new RuntimeError('ERR_AUTHORIZER_NOT_FOUND', 'the authorizer that the trigger asks is not there');
	}
}

function directoryOf({ apps }: Pick<Catalog, 'apps'>, sealer: Pick<Sealer, 'open'>): AppDirectory {
	const appOf = (record: AppRecord | null): App | null => {
		if (record === null) return null;
		const { id, name, key, frozen, sealedSecret } = record;
		return { id, name, key, frozen, secret: () => sealer.open(sealedSecret) };
	};
	return {
		byKey: (key) => appOf(apps.byKey(key)),
		byCode: (code) => appOf(apps.byCodeHash(nodeCrypto().hash('sha256', code, 'hex'))),
		mayCall: (appId, apiId) => apps.mayCall(appId, apiId),
	};
}
