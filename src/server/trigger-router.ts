/**
 * Which deployed function answers a request, by its triggers: the host names a trigger's group (`<group>.localhost`, or a host
 * name of the platform's gateways), path and method one of the group's triggers, and that one a version or an alias.
 *
 * A group's triggers are looked up when its first request comes and kept until something changes.
 */
import type { Catalog } from '../catalog/catalog.ts';
import type { TriggerRecord } from '../catalog/records.ts';
import { RuntimeError } from '../contract/errors.ts';
import type { FunctionTarget } from '../gateway/function-target.ts';
import { RouteTable } from '../gateway/route-table.ts';
import type { Router } from '../gateway/router.ts';
import { chooseVersion } from './choose-version.ts';
import type { DeployedFunctions } from './deployed-functions.ts';

/** What a trigger leads to, as it was when the catalog had changed so many times. */
interface Way {
	readonly trigger: TriggerRecord;
	generation: number;
	choose: (fieldLines: string) => string;
}

export class TriggerRouter implements Router {
	readonly #catalog: Catalog;
	readonly #functions: DeployedFunctions;
	readonly #groups = new Map<string, RouteTable<Way>>();
	#generation = -1;

	constructor(catalog: Catalog, functions: DeployedFunctions) {
		this.#catalog = catalog;
		this.#functions = functions;
	}

	find(
		method: string,
		host: string,
		target: string,
		fieldLines: string,
	): FunctionTarget | RuntimeError | null {
		const group = groupOf(host);
		if (group === null) return null;
		const way = this.#group(group)?.find(method, host, target) ?? null;
		if (way === null) return null;
		const { trigger } = way;
		if (trigger.auth !== 'NONE') return unjudged(trigger);
		try {
			if (way.generation !== this.#functions.generation) this.#renew(way);
			return this.#functions.target(trigger.functionId, way.choose(fieldLines));
		} catch (error) {
			if (error instanceof RuntimeError) return error;
			throw error;
		}
	}

	#group(groupId: string): RouteTable<Way> | null {
		if (this.#generation !== this.#functions.generation) {
			this.#groups.clear();
			this.#generation = this.#functions.generation;
		}
		const known = this.#groups.get(groupId);
		if (known !== undefined) return known;
		const triggers = this.#catalog.triggers.ofGroup(groupId).filter(({ status }) => status === 'ACTIVE');
		// Names that nobody has are not kept: anybody can send them.
		if (triggers.length === 0) return null;
		const table = new RouteTable<Way>(
			triggers.map((trigger) => ({
				host: null,
				path: trigger.path,
				match: trigger.match,
				method: trigger.method,
				target: { trigger, generation: -1, choose: () => 'latest' },
			})),
		);
		this.#groups.set(groupId, table);
		return table;
	}

	#renew(way: Way): void {
		const { functionId, qualifier } = way.trigger;
		way.choose = chooseVersion(this.#catalog, functionId, qualifier);
		way.generation = this.#functions.generation;
	}
}

/** The first label of `<group>.localhost`, `<group>.apig.<region>.…` or `<group>.apic.<region>.…`, in lower case. */
function groupOf(host: string): string | null {
	const dot = host.indexOf('.');
	if (dot <= 0 || dot > GROUP_CHARS_MAX || host.length > HOST_CHARS_MAX) return null;
	return GROUP_HOST.test(host) ? host.slice(0, dot).toLowerCase() : null;
}

const GROUP_CHARS_MAX = 64;
const HOST_CHARS_MAX = 260;
const GROUP_HOST =
	/^[a-z0-9_-]+\.(?:localhost|(?:apig|apic)\.[a-z0-9-]+\.huaweicloudapis\.com)\.?(?::\d*)?$/i;

/** Nobody is let in whom nobody has judged. */
function unjudged({ auth, path }: TriggerRecord): RuntimeError {
	return new RuntimeError(
		'ERR_TRIGGER_AUTH',
		`the trigger of ${path} asks for ${auth} authentication, which this gateway does not judge yet: it lets nobody in`,
	);
}
