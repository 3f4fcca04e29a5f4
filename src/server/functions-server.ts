/**
 * The composition root of `serve`: several functions and versions behind one gateway, and the exchange of some of them
 * while it runs.
 *
 *   start:  isolation chosen → pools → routes → gateway accepts → announced → leftovers of an earlier run ended
 *   reload: settings judged by the caller → pools of what is new or changed → routes exchanged, at once for all
 *           → pools of what is gone or changed retired: requests they have may finish, then their instances end
 *   stop:   gateway drains (grace) → instances of all pools ended, retiring ones included → isolation closed
 *
 * A function is unchanged, and keeps its instances, where its settings are deeply equal and its code has the same identity
 * (code-identity.ts). What belongs to httpfn itself (listen, isolation, log) can not be changed by a reload: it is refused
 * as a whole then.
 */
import { SharedBudget } from '../base/shared-budget.ts';
import type { FunctionPlan } from '../config/function-plan.ts';
import type { ServeSettings } from '../config/serve-settings.ts';
import { RuntimeError } from '../contract/errors.ts';
import { releaseMemory } from '../engine/release-memory.ts';
import { openIsolation } from '../isolation/open-isolation.ts';
import type { Isolation } from '../process/sandbox.ts';
import type { AccessLog } from '../telemetry/access-log.ts';
import type { Log } from '../telemetry/log.ts';
import type { Front } from '../workers/front.ts';
import type { ControlPlane } from './control-plane.ts';
import { EdgePlans } from './edge-plans.ts';
import type { Exchanged } from './exchanged.ts';
import { HostedFunction } from './hosted-function.ts';
import { identitiesOf } from './identities-of.ts';
import { judgeHostChanges } from './judge-host-changes.ts';
import { judgeRoom } from './judge-room.ts';
import { leftovers } from './leftovers.ts';
import { openAccessLog } from './open-access-log.ts';
import { openFront } from './open-front.ts';
import { openPoints } from './open-points.ts';
import { planText } from './plan-text.ts';
import type { Predecessor } from './predecessor.ts';
import { publicUrl } from './public-url.ts';
import { Retirement } from './retirement.ts';
import { servedRoutes } from './served-routes.ts';
import { leave, listeningOf, type Serving } from './serving.ts';
import { stoppable } from './stoppable.ts';
import { tryIsolation } from './try-isolation.ts';
import { untilWarm } from './until-warm.ts';
import { warmPlaces } from './warm-places.ts';

export interface FunctionsOptions {
	readonly settings: ServeSettings;
	readonly log: Log;
	/** The log of one function: its lines tell its name. */
	readonly functionLog: (name: string) => Log;
	readonly hostEnvironment: Readonly<Record<string, string>>;
	/** The process whose sockets this one takes over; null or left out: there is none. */
	readonly predecessor?: Predecessor | null;
}

export interface ServerParts {
	readonly isolation: Isolation;
	readonly accessLog: AccessLog | null;
	readonly front: Front;
	/** Has what an httpfn before left behind ended. */
	readonly cleared: () => Promise<void>;
}

/** Resolves when the gateway accepts. Rejects with a RuntimeError, having left nothing behind. */
export async function startFunctionsServer(options: FunctionsOptions): Promise<FunctionsServer> {
	const { settings, log, hostEnvironment, predecessor = null } = options;
	const cleared = leftovers(predecessor, log);
	const plans = [...settings.plans.values()];
	const isolation = openIsolation(settings.isolation, log, hostEnvironment, plans, 'own', cleared);
	const accessLog = openAccessLog(settings.accessLog, log);
	const front = await openFront({ ...options, accessLog });
	const server = new FunctionsServer(options, { isolation, accessLog, front, cleared });
	try {
		await server.start();
		return server;
	} catch (error) {
		await server.stop(0);
		throw error;
	}
}

interface Served {
	readonly hosted: HostedFunction;
	readonly identity: string | null;
	/** The plan as text: equal texts are equal plans. */
	readonly plan: string;
}

export class FunctionsServer implements Serving {
	readonly isolation: Isolation;
	readonly stop: (graceMs: number, handedOver?: boolean) => Promise<void>;
	readonly #options: FunctionsOptions;
	readonly #front: Front;
	readonly #cleared: () => Promise<void>;
	readonly #accessLog: AccessLog | null;
	/** Of all functions, deployed ones too. */
	readonly #waiting: SharedBudget;
	readonly #retirement = new Retirement();
	readonly #edge = new EdgePlans();
	#control: ControlPlane | null = null;
	#served: ReadonlyMap<string, Served> = new Map();
	#urls: readonly string[] = [];
	#controlUrl: string | null = null;
	#stopping = false;

	/** startFunctionsServer makes it. */
	constructor(options: FunctionsOptions, { isolation, accessLog, front, cleared }: ServerParts) {
		this.#options = options;
		this.isolation = isolation;
		this.#waiting = new SharedBudget(options.settings.queuedMax);
		this.#accessLog = accessLog;
		this.#front = front;
		this.#cleared = cleared;
		this.stop = stoppable((graceMs, handedOver) => this.#stop(graceMs, handedOver));
	}

	/** Where it answers, as a client on this machine writes it: at least one. */
	get urls(): readonly string[] {
		return this.#urls;
	}

	/** Of the control plane; null where there is none. */
	get controlUrl(): string | null {
		return this.#controlUrl;
	}

	async start(): Promise<void> {
		const { settings, log, predecessor = null } = this.#options;
		await this.#openControl();
		await this.#exchange(settings);
		// Who takes over accepts nothing before it can serve: its predecessor still does.
		if (predecessor !== null) {
			await this.#tryIsolation();
			await this.#listenControl();
			if (this.isolation.kind !== 'direct') await untilWarm(() => this.#lacking);
		}
		this.#urls = await openPoints(this.#front, settings.listen, log, predecessor);
		if (predecessor !== null) return;
		await this.#tryIsolation();
		await this.#listenControl();
	}

	/** The URL has been told: what would have delayed that can be done now. */
	announced(): void {
		// The URL leaves at the end of this turn.
		setImmediate(() => {
			if (this.#stopping) return;
			this.#warm();
			void this.#cleared();
			this.#control?.announced();
			// A large file leaves several times its size behind; later, with requests to answer, is no time for it.
			releaseMemory();
		});
	}

	get listening(): Serving['listening'] {
		return listeningOf(this.#options.settings.listen, this.#front);
	}

	get controlAddress(): Serving['controlAddress'] {
		return this.#control?.address ?? null;
	}

	async checkSelf(timeoutMs: number): Promise<void> {
		await this.#front.gateway?.checkSelf(timeoutMs);
	}

	async lendState(graceMs: number): Promise<void> {
		await this.#control?.lend(graceMs);
	}
	async takeBackState(): Promise<void> {
		await this.#control?.takeBack();
	}

	/** Serves by other settings from now on. Rejects with a RuntimeError, and goes on as before, where it can not. */
	async reload(settings: ServeSettings): Promise<Exchanged> {
		judgeHostChanges(this.#options.settings, settings);
		const exchanged = await this.#exchange(settings);
		this.#warm();
		return exchanged;
	}

	async #exchange(settings: ServeSettings): Promise<Exchanged> {
		const { routes } = settings;
		judgeRoom(this.isolation, settings.plans.size);
		const plans = await this.#edge.resolveAll(settings.plans, this.#options.log);
		const identities = await identitiesOf(plans.values());
		if (this.#stopping)
			throw new RuntimeError('ERR_DRAINING', 'Could not serve other functions: httpfn is stopping');
		const { next, started } = await this.#host(plans, identities);
		// What was served until now may still be starting from its own.
		const before = [...this.#served.values()].map(({ hosted }) => hosted.plan);
		await this.#edge.keep([...plans.values(), ...before]);
		const gone = [...this.#served].filter(([key, served]) => next.get(key) !== served);
		this.#served = next;
		await this.#front.serve({
			functions: [...next.values()].map(({ hosted }) => hosted),
			routes: servedRoutes(routes, next),
			fallback: this.#control?.router ?? null,
		});
		for (const [, { hosted }] of gone) this.#retirement.retire(hosted.pool);
		// It was asked meanwhile, and knows only of those that are served.
		if (this.#stopping) await this.#retirement.stop(0);
		const kept = [...next.keys()].filter((key) => !started.includes(key));
		return { started, kept, retired: gone.map(([key]) => key) };
	}

	/** What is unchanged as it is, all else new. Where one can not be made those made before it are ended. */
	async #host(
		plans: ReadonlyMap<string, FunctionPlan>,
		identities: ReadonlyMap<string, string | null>,
	): Promise<{ readonly next: ReadonlyMap<string, Served>; readonly started: readonly string[] }> {
		const { functionLog, hostEnvironment } = this.#options;
		const next = new Map<string, Served>();
		const started = new Map<string, HostedFunction>();
		try {
			for (const [key, plan] of plans) {
				const identity = identities.get(plan.function.codeRoot) ?? null;
				const text = planText(plan);
				const before = this.#served.get(key);
				if (before?.plan === text && before.identity === identity && identity !== null) {
					next.set(key, before);
					continue;
				}
				const hosted = new HostedFunction({
					plan,
					isolation: this.isolation,
					hostEnvironment,
					log: functionLog(key),
					waiting: this.#waiting,
					requestNames: this.#front.requestNames,
				});
				started.set(key, hosted);
				next.set(key, { hosted, identity, plan: text });
			}
			return { next, started: [...started.keys()] };
		} catch (error) {
			await Promise.all([...started.values()].map(({ pool }) => pool.stop()));
			throw error;
		}
	}

	/** Loaded only here: hono, SQLite and HTTP of the engine would cost every other start milliseconds and megabytes. */
	async #openControl(): Promise<void> {
		const { predecessor = null } = this.#options;
		const { control: settings } = this.#options.settings;
		if (settings === null) return;
		if (predecessor?.control != null) await predecessor.takeState();
		const { ControlPlane } = await import('./control-plane.ts');
		this.#control = ControlPlane.open({
			...this.#options,
			settings,
			isolation: this.isolation,
			front: this.#front,
			gatewayUrl: () => publicUrl(this.#urls),
			waiting: this.#waiting,
			secure: this.#options.settings.tls !== null,
			takesOver: predecessor?.control ?? null,
		});
	}

	#warm(): void {
		const plans = [...this.#served.values()].map(({ hosted }) => hosted.plan);
		warmPlaces(this.isolation, plans, this.#options.hostEnvironment);
	}

	async #listenControl(): Promise<void> {
		this.#controlUrl = (await this.#control?.listen()) ?? null;
	}

	#tryIsolation(): Promise<void> {
		const { settings, hostEnvironment } = this.#options;
		return tryIsolation(settings.isolation, this.isolation, [...settings.plans.values()], hostEnvironment);
	}

	/** Reserved instances that are not ready. */
	get #lacking(): number {
		const pools = [...this.#served.values()].map(({ hosted }) => hosted.pool);
		return pools.reduce((sum, { lacking }) => sum + lacking, this.#control?.lacking ?? 0);
	}

	async #stop(graceMs: number, handedOver: boolean): Promise<void> {
		this.#stopping = true;
		const drained = this.#control?.drain(graceMs);
		const giveUp = (leftMs: number) => Promise.resolve(drained).then(() => this.#endFunctions(leftMs));
		await leave(this.#front, this.isolation.kind, { graceMs, handedOver, giveUp });
		this.#control?.close();
		await this.isolation.close();
		await this.#edge.close();
		await this.#accessLog?.close();
	}

	async #endFunctions(graceMs: number): Promise<void> {
		const pools = [...this.#served.values()].map(({ hosted }) => hosted.pool);
		const ends = [...pools.map((pool) => pool.retire(graceMs)), this.#retirement.stop(graceMs)];
		await Promise.all([...ends, this.#control?.endFunctions(graceMs)]);
	}
}
