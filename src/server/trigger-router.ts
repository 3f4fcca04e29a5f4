/**
 * Which deployed function answers a request, by its triggers: the host names a trigger's group (`<group>.localhost`, a host
 * name of the platform's gateways, or a domain bound to the group), path and method one of the group's triggers, and that one a version or an alias.
 *
 * A group's triggers are looked up when its first request comes and kept until something changes.
 */
import type { Catalog } from '../catalog/catalog.ts';
import type { TriggerRecord } from '../catalog/records.ts';
import { stageOf } from '../catalog/trigger-stage.ts';
import { RuntimeError } from '../contract/errors.ts';
import { functionHeaderLines } from '../contract/headers.ts';
import type { Api } from '../gateway/api.ts';
import { preflightMethod } from '../gateway/cors.ts';
import type { FunctionTarget } from '../gateway/function-target.ts';
import type { Passage } from '../gateway/passage.ts';
import { RouteTable } from '../gateway/route-table.ts';
import type { RoutedRequest, Router } from '../gateway/router.ts';
import { chooseVersion } from './choose-version.ts';
import type { DeployedFunctions } from './deployed-functions.ts';
import { requestedStage } from './requested-stage.ts';

/** What a trigger leads to, as it was when the catalog had changed so many times. */
interface Way {
	readonly trigger: TriggerRecord;
	readonly api: Api;
	readonly choose: (fieldLines: string) => string;
	/** By what was hosted when they were asked for. */
	readonly passages: Map<FunctionTarget, Passage>;
}

/** What the API of a trigger asks of its callers. */
export type ApiOf = (trigger: TriggerRecord) => Api;

/** Spellings of hosts that are kept. */
const HOSTS_MAX = 20_000;

type Table = RouteTable<Way | RuntimeError>;
type Group = ReadonlyMap<string, Table>;

export class TriggerRouter implements Router {
	readonly #catalog: Pick<Catalog, 'aliases' | 'domains' | 'triggers'>;
	readonly #functions: Pick<DeployedFunctions, 'generation' | 'target'>;
	readonly #apiOf: ApiOf;
	/** By the group's id; of each the triggers of every environment. */
	readonly #groups = new Map<string, Group>();
	readonly #hosts = new Map<string, Group>();
	/** Group by domain, once a host was none of the gateway's own. */
	#domains: ReadonlyMap<string, string> | null = null;
	#generation = -1;

	constructor(
		catalog: Pick<Catalog, 'aliases' | 'domains' | 'triggers'>,
		functions: Pick<DeployedFunctions, 'generation' | 'target'>,
		apiOf: ApiOf,
	) {
		this.#catalog = catalog;
		this.#functions = functions;
		this.#apiOf = apiOf;
	}

	find(request: RoutedRequest): Passage | RuntimeError | null {
		const table = this.#groupAt(request.host)?.get(requestedStage(request));
		const way = preflight(table, request) ?? table?.find(request.method, request.host, request.target);
		if (way === undefined || way === null || way instanceof RuntimeError) return way ?? null;
		return this.#passage(way, way.choose(request.fieldLines));
	}

	/** Kept by its target, because its header lines are written once for many requests. */
	#passage(way: Way, version: string): Passage | RuntimeError {
		const { trigger, api, passages } = way;
		try {
			const target = this.#functions.target(trigger.functionId, version);
			const known = passages.get(target);
			if (known !== undefined) return known;
			const functionLines = functionHeaderLines(target.settings, { apiId: api.id, stage: stageOf(trigger) });
			const passage = { target, functionLines, api, renewed: () => this.#passage(way, version) };
			passages.set(target, passage);
			return passage;
		} catch (error) {
			if (error instanceof RuntimeError) return error;
			throw error;
		}
	}

	/** By the host as it was sent: reading it costs more than looking it up. */
	#groupAt(host: string): Group | null {
		if (this.#generation !== this.#functions.generation) {
			this.#groups.clear();
			this.#hosts.clear();
			this.#domains = null;
			this.#generation = this.#functions.generation;
		}
		const known = this.#hosts.get(host);
		if (known !== undefined) return known;
		const id = groupOf(host) ?? this.#groupOfDomain(host);
		const group = id === null ? null : this.#group(id);
		if (group === null) return null;
		// One host has many spellings.
		if (this.#hosts.size >= HOSTS_MAX) this.#hosts.clear();
		this.#hosts.set(host, group);
		return group;
	}

	#groupOfDomain(host: string): string | null {
		const name = /^([^:]+?)\.?(?::\d*)?$/.exec(host)?.[1]?.toLowerCase();
		if (name === undefined) return null;
		this.#domains ??= new Map(this.#catalog.domains.all().map((domain) => [domain.name, domain.groupId]));
		const wildcard = `*${name.slice(Math.max(0, name.indexOf('.')))}`;
		return this.#domains.get(name) ?? this.#domains.get(wildcard) ?? null;
	}

	#group(groupId: string): Group | null {
		const known = this.#groups.get(groupId);
		if (known !== undefined) return known;
		const triggers = this.#catalog.triggers.ofGroup(groupId).filter(({ status }) => status === 'ACTIVE');
		// Names that nobody has are not kept: anybody can send them.
		if (triggers.length === 0) return null;
		const group = new Map(
			[...Map.groupBy(triggers, stageOf)].map(([stage, published]) => [stage, this.#table(published)]),
		);
		this.#groups.set(groupId, group);
		return group;
	}

	#table(triggers: readonly TriggerRecord[]): Table {
		return new RouteTable(
			triggers.map((trigger) => ({
				host: null,
				path: trigger.path,
				match: trigger.match,
				method: trigger.method,
				target: this.#way(trigger),
			})),
		);
	}

	#way(trigger: TriggerRecord): Way | RuntimeError {
		try {
			const choose = chooseVersion(this.#catalog, trigger.functionId, trigger.qualifier);
			return { trigger, api: this.#apiOf(trigger), choose, passages: new Map() };
		} catch (error) {
			if (error instanceof RuntimeError) return error;
			throw error;
		}
	}
}

/** What a page asks before it calls an API by another method: the answer is that API's, whether or not it has OPTIONS. */
function preflight(table: Table | undefined, request: RoutedRequest): Way | null {
	const method = table === undefined || request.method !== 'OPTIONS' ? null : preflightMethod(request);
	if (table === undefined || method === null) return null;
	const way = table.find(method, request.host, request.target);
	return way === null || way instanceof RuntimeError || way.api.cors === null ? null : way;
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
