/**
 * The functions of the catalog, as they are served. Each version is hosted when its first request comes, and let go when it
 * has had none for a while and no instance is left, so that thousands that nobody calls cost nothing.
 *
 *   absent ──request, or reserved instances──▶ hosted ──changed or removed──▶ retiring (requests it has may finish) ──▶ absent
 *                                               └──unused, and no instance──▶ absent
 */
import { monotonicMs } from '../base/clock.ts';
import { errorText } from '../base/error-text.ts';
import type { SharedBudget } from '../base/shared-budget.ts';
import { SweepMark } from '../base/sweep-mark.ts';
import type { Catalog, CatalogChange } from '../catalog/catalog.ts';
import type { CodePackages } from '../catalog/code-packages.ts';
import type { FunctionRecord, RevisionRecord } from '../catalog/records.ts';
import type { Sealer } from '../catalog/sealer.ts';
import type { FunctionPlan } from '../config/function-plan.ts';
import type { FunctionTarget } from '../gateway/function-target.ts';
import type { RequestObserver } from '../gateway/request-observer.ts';
import type { RequestNames } from '../process/requests-in-flight.ts';
import type { Isolation } from '../process/sandbox.ts';
import { stoppedError } from '../process/start-errors.ts';
import { KeptLog } from '../telemetry/kept-log.ts';
import type { Log } from '../telemetry/log.ts';
import type { RecentLines } from '../telemetry/recent-lines.ts';
import type { CatalogCrew } from '../workers/front.ts';
import type { FunctionStatistics } from './function-statistics.ts';
import { HostedFunction } from './hosted-function.ts';
import { planOfRevision } from './plan-of-revision.ts';
import { PreparedIsolation } from './prepared-isolation.ts';
import { Retirement } from './retirement.ts';
import { revisionOf } from './revision-of.ts';
import { warmPlaces } from './warm-places.ts';

export interface DeployedOptions {
	readonly catalog: Catalog;
	readonly packages: Pick<CodePackages, 'path' | 'folder'>;
	readonly sealer: Pick<Sealer, 'open'>;
	readonly lines: RecentLines;
	readonly isolation: Isolation;
	readonly hostEnvironment: Readonly<Record<string, string>>;
	readonly log: Log;
	/** The log of one function: its lines tell its name. */
	readonly functionLog: (name: string) => Log;
	readonly region: string;
	readonly hide: readonly string[];
	/** Of requests that wait, of all functions of the host; absent: these are all. */
	readonly waiting?: SharedBudget;
	/** Workers that take the requests; absent: this process does. */
	readonly crew?: CatalogCrew | null;
	/** What requests are called that pools are asked for places; absent: by their ids. */
	readonly requestNames?: RequestNames | null;
}

interface Entry {
	readonly hosted: HostedFunction;
	readonly functionId: number;
	readonly version: string;
	/** As text: equal texts are equal plans. */
	readonly plan: string;
	usedMs: number;
}

/** Hosted versions from which those that are not used are looked for. */
const HOSTED_MIN = 64;
const UNUSED_MS = 60_000;

export class DeployedFunctions {
	#generation = 0;
	readonly #options: DeployedOptions;
	readonly #statistics: FunctionStatistics;
	readonly #entries = new Map<string, Entry>();
	readonly #retirement = new Retirement();
	/** Replaced or removed, and asked for places still by workers that have not heard of it. */
	readonly #parting = new Set<HostedFunction>();
	readonly #forget: () => void;
	#stopped = false;
	readonly #mark = new SweepMark(HOSTED_MIN);

	constructor(options: DeployedOptions, statistics: (self: DeployedFunctions) => FunctionStatistics) {
		this.#options = options;
		this.#statistics = statistics(this);
		this.#forget = options.catalog.onChange((change) => this.#onChange(change));
	}

	/** Grows with every change: what was found before may be different now. */
	get generation(): number {
		return this.#generation;
	}

	/** Starts the instances that are reserved. */
	start(): void {
		for (const { functionId } of this.#options.catalog.extras.allReserved()) this.#hostReserved(functionId);
	}

	/** Has a place made for the next instance, which nobody knows yet: all functions here can take the same. */
	warm(): void {
		const newest = this.#options.catalog.functions.newest();
		if (newest !== null) this.#warm(newest.id);
	}

	/** Throws ERR_FUNCTION_NOT_FOUND, ERR_VERSION_NOT_FOUND, ERR_DRAINING after a stop. */
	target(functionId: number, version: string): FunctionTarget {
		return this.served(functionId, version).target;
	}

	/** Throws as `target` does. */
	served(functionId: number, version: string): HostedFunction {
		const key = keyOf(functionId, version);
		const entry = this.#entries.get(key) ?? this.#host(functionId, version, key);
		entry.usedMs = monotonicMs();
		return entry.hosted;
	}

	/** Where errors of its requests are written. */
	log(functionId: number, version: string): Log {
		const hosted = this.#entries.get(keyOf(functionId, version))?.hosted;
		if (hosted !== undefined) return hosted.target.log;
		const owner = this.#options.catalog.functions.byId(functionId);
		return owner === null ? this.#options.log : this.#logOf(owner, version);
	}

	/** Told of each of its requests. */
	observer(functionId: number, version: string): RequestObserver {
		return this.#statistics.observer(functionId, version);
	}

	instanceCount(functionId: number): number {
		let count = 0;
		for (const entry of this.#entries.values()) {
			if (entry.functionId === functionId) count += entry.hosted.pool.stats().ready;
		}
		return count;
	}

	/** Reserved instances that are not ready. */
	get lacking(): number {
		return [...this.#entries.values()].reduce((sum, { hosted }) => sum + hosted.pool.lacking, 0);
	}

	/** Ends all instances; what they still work on may take as long as the grace. */
	async stop(graceMs: number): Promise<void> {
		this.#forget();
		this.#stopped = true;
		const hosted = [...[...this.#entries.values()].map((entry) => entry.hosted), ...this.#parting];
		const pools = hosted.map(({ pool }) => pool);
		this.#entries.clear();
		await Promise.all([...pools.map((pool) => pool.retire(graceMs)), this.#retirement.stop(graceMs)]);
		this.#statistics.close();
	}

	/** Keeps what was heard of requests since the stop. Call it last. */
	close(): void {
		this.#statistics.flush();
	}

	#host(functionId: number, version: string, key: string): Entry {
		if (this.#stopped) throw stoppedError();
		if (this.#mark.isReached(this.#entries.size)) this.#sweep();
		const { owner, revision } = revisionOf(this.#options.catalog, functionId, version);
		const plan = this.#plan(owner, revision);
		const { packages, isolation, hostEnvironment, waiting, crew = null, requestNames } = this.#options;
		const hosted = new HostedFunction({
			plan,
			isolation: new PreparedIsolation(isolation, () => packages.folder(revision.code)),
			hostEnvironment,
			log: this.#logOf(owner, version),
			observer: this.observer(functionId, version),
			requestNames: requestNames ?? null,
			...(waiting === undefined ? {} : { waiting }),
			...(crew === null ? {} : { sourceOf: (self) => crew.sourceOf(self) }),
		});
		const entry = { hosted, functionId, version, plan: JSON.stringify(plan), usedMs: monotonicMs() };
		this.#entries.set(key, entry);
		return entry;
	}

	#logOf(owner: FunctionRecord, version: string): Log {
		const { functionLog, lines } = this.#options;
		return new KeptLog(functionLog(logName(owner, version)), lines, owner.id, version);
	}

	#plan(owner: FunctionRecord, revision: RevisionRecord): FunctionPlan {
		const { catalog, packages, region, sealer, hide } = this.#options;
		const codeRoot = packages.path(revision.code);
		const reserved = reservedFor(catalog, owner.id, revision.version);
		return planOfRevision({ function: owner, revision, reserved, codeRoot, region, sealer, hide });
	}

	#onChange({ kind, functionId }: CatalogChange): void {
		this.#generation += 1;
		if (kind === 'trigger' || kind === 'app' || kind === 'policy') {
			void this.#options.crew?.changed(0, []);
			return;
		}
		if (kind === 'removed') this.#options.lines.forget(functionId);
		const gone = [...this.#entries].filter(
			([, entry]) => entry.functionId === functionId && !this.#isCurrent(entry),
		);
		for (const [key] of gone) this.#entries.delete(key);
		const replaced = gone.map(([, { hosted }]) => hosted);
		this.#part(functionId, replaced);
		if (kind === 'removed') return;
		this.#hostReserved(functionId);
		if (kind === 'function') this.#warm(functionId);
	}

	/** They get no request any more: at once, or when all who would ask them have been told. */
	#part(functionId: number, gone: readonly HostedFunction[]): void {
		const { crew = null } = this.#options;
		if (crew === null) for (const { pool } of gone) this.#retirement.retire(pool);
		else void this.#partFrom(crew, functionId, gone);
	}

	async #partFrom(crew: CatalogCrew, functionId: number, gone: readonly HostedFunction[]): Promise<void> {
		for (const hosted of gone) this.#parting.add(hosted);
		await crew.changed(functionId, gone);
		for (const hosted of gone) {
			this.#parting.delete(hosted);
			this.#retirement.retire(hosted.pool);
		}
	}

	#isCurrent({ functionId, version, plan }: Entry): boolean {
		try {
			const { owner, revision } = revisionOf(this.#options.catalog, functionId, version);
			return JSON.stringify(this.#plan(owner, revision)) === plan;
		} catch {
			return false;
		}
	}

	#hostReserved(functionId: number): void {
		for (const { qualifier, count, tactics } of this.#options.catalog.extras.reservedOf(functionId)) {
			if (count === 0 && tactics === null) continue;
			const version = versionOf(this.#options.catalog, functionId, qualifier);
			if (version !== null) this.#hostAhead(functionId, version);
		}
	}

	/** What has just been deployed is likely to be called. */
	#warm(functionId: number): void {
		const { catalog, isolation, hostEnvironment } = this.#options;
		try {
			const { owner, revision } = revisionOf(catalog, functionId, 'latest');
			warmPlaces(isolation, [this.#plan(owner, revision)], hostEnvironment);
		} catch {
			// Whatever is wrong with it is told to its first request.
		}
	}

	/** Nobody waits for it: what is wrong with it is told to the log, and to its first request. */
	#hostAhead(functionId: number, version: string): void {
		try {
			this.target(functionId, version);
		} catch (error) {
			const message = errorText(error);
			this.#options.log.write('error', 'reserved instances could not be started', {
				functionId,
				version,
				error: message,
			});
		}
	}

	/** Lets go what nobody uses. */
	#sweep(): void {
		const before = monotonicMs() - UNUSED_MS;
		for (const [key, { hosted, usedMs }] of this.#entries) {
			const { starting, ready, leaving, requests, waiting } = hosted.pool.stats();
			if (usedMs > before || starting + ready + leaving + requests + waiting > 0) continue;
			if (hosted.plan.scaling.reserved.tactics.length > 0) continue;
			if (this.#options.crew?.letGo(hosted) === false) continue;
			this.#entries.delete(key);
			void hosted.pool.stop();
		}
		this.#mark.swept(this.#entries.size);
	}
}

function keyOf(functionId: number, version: string): string {
	return `${functionId}:${version}`;
}

/** The main version of an alias; null: the alias is gone. */
function versionOf(catalog: Catalog, functionId: number, qualifier: string): string | null {
	if (!qualifier.startsWith('!')) return qualifier;
	return catalog.aliases.find(functionId, qualifier.slice(1))?.version ?? null;
}

/** Reserved for the version itself, or for an alias that leads to it. */
function reservedFor(catalog: Catalog, functionId: number, version: string) {
	const all = catalog.extras.reservedOf(functionId);
	return all.find(({ qualifier }) => versionOf(catalog, functionId, qualifier) === version) ?? null;
}

function logName({ package: app, name }: FunctionRecord, version: string): string {
	const full = app === 'default' ? name : `${app}/${name}`;
	return version === 'latest' ? full : `${full}@${version}`;
}
