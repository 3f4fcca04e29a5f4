/**
 * The composition root of `run`: one function, its instances and its gateway.
 *
 *   start: isolation chosen → code folder judged, an edge function bundled → pool (eager, reserved: instances start) → gateway accepts
 *          → one place made, where namespaces were asked for by name → announced → places made ahead, leftovers of an earlier run ended
 *   stop:  gateway drains (grace) → instances ended → isolation closed → log flushed by the caller
 *
 * The isolation makes nothing before the first instance, or before the listener is announced: a start pays for none of it.
 */
import type { FunctionPlan } from '../config/function-plan.ts';
import type { RunSettings } from '../config/run-settings.ts';
import { RuntimeError } from '../contract/errors.ts';
import type { OpenBundler } from '../edge/bundle-store.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { openIsolation, type Residence } from '../isolation/open-isolation.ts';
import type { InstanceObserver } from '../process/instance-observer.ts';
import type { Isolation } from '../process/sandbox.ts';
import type { Log } from '../telemetry/log.ts';
import type { Front } from '../workers/front.ts';
import { EdgePlans } from './edge-plans.ts';
import { scalingFor } from './hosted-function.ts';
import { judgeHostChanges } from './judge-host-changes.ts';
import { leftovers } from './leftovers.ts';
import { openAccessLog } from './open-access-log.ts';
import { openFront } from './open-front.ts';
import { openPoints } from './open-points.ts';
import type { Predecessor } from './predecessor.ts';
import { ServedFunction } from './served-function.ts';
import { leave, listeningOf, type Serving } from './serving.ts';
import { stoppable } from './stoppable.ts';
import { tryIsolation } from './try-isolation.ts';
import { untilWarm } from './until-warm.ts';
import { warmPlaces } from './warm-places.ts';
import type { WatchedFunction } from './watched-function.ts';

export interface FunctionServer extends Serving {
	/** Where it answers, as a client on this machine writes it: none where it was to listen nowhere. */
	readonly urls: readonly string[];
	/** Takes requests that came another way; null where workers take them. */
	readonly gateway: Gateway | null;
	readonly served: Pick<ServedFunction, 'target' | 'stats'>;
	readonly isolation: Isolation['kind'];
	/** Requests that one instance works on at once. */
	readonly requestsPerInstanceMax: number;
	/** The URL has been told: what would have delayed that can be done now. */
	announced(): void;
}

export interface ServerOptions {
	readonly settings: RunSettings;
	readonly log: Log;
	readonly hostEnvironment: Readonly<Record<string, string>>;
	/** Told of the function's processes; absent: only the log is. */
	readonly instances?: InstanceObserver;
	/** Absent: this program is httpfn. */
	readonly residence?: Residence;
	/** Absent: edge functions are bundled by httpfn's own bundler. */
	readonly openBundler?: OpenBundler;
	/**
	 * Reads the settings anew, and throws a RuntimeError where they are wrong. Given, the folder is watched, and the function exchanged when it
	 * changes.
	 */
	readonly reread?: () => RunSettings;
	/** The process whose sockets this one takes over; null or left out: there is none. */
	readonly predecessor?: Predecessor | null;
}

/** Resolves when the gateway accepts. Rejects with a RuntimeError, having left nothing behind. */
export async function startFunctionServer(options: ServerOptions): Promise<FunctionServer> {
	const {
		settings,
		log,
		hostEnvironment,
		instances,
		residence = 'own',
		reread,
		predecessor = null,
	} = options;
	const cleared = leftovers(predecessor, log);
	const isolation = openIsolation(settings.isolation, log, hostEnvironment, [settings], residence, cleared);
	const edge = new EdgePlans(options.openBundler);
	const accessLog = openAccessLog(settings.accessLog, log);
	const front = await openFront({ ...options, accessLog, errorPages: reread !== undefined });
	const served = new ServedFunction({
		...{ queuedMax: settings.queuedMax, isolation, hostEnvironment, log },
		requestNames: front.requestNames,
		...(instances === undefined ? {} : { instances }),
	});
	const watched = reread === undefined ? null : await watch({ ...options, reread, edge, front, served });
	const giveUp = (leftMs: number) => served.retire(leftMs);
	let warming: NodeJS.Immediate | undefined;
	const end = async (): Promise<void> => {
		await watched?.close();
		await served.stop();
		await isolation.close();
		await edge.close();
		await accessLog?.close();
	};
	try {
		const plan = await edge
			.resolve(settings, log)
			.catch((error) => whatToServe(error, watched !== null, log));
		await edge.rest();
		await front.serve(served.exchange(plan));
		const tenants = plan instanceof RuntimeError ? [] : [plan];
		await watched?.open();
		const urls = await accept({ ...options, isolation, front, served, tenants });
		return {
			urls,
			gateway: front.gateway,
			served,
			isolation: isolation.kind,
			requestsPerInstanceMax: scalingFor(settings, isolation.kind).requestsPerInstanceMax,
			announced: () => {
				// The URL leaves at the end of this turn.
				warming = setImmediate(() => {
					warmPlaces(isolation, tenants, hostEnvironment);
					void cleared();
				});
			},
			...servingOf(settings, front),
			stop: stoppable(async (graceMs, handedOver) => {
				clearImmediate(warming);
				await watched?.close();
				await leave(front, isolation.kind, { graceMs, handedOver, giveUp });
				await end();
			}),
		};
	} catch (error) {
		await front.drain(0, end);
		throw error;
	}
}

interface AcceptOptions extends ServerOptions {
	readonly isolation: Isolation;
	readonly front: Front;
	readonly served: ServedFunction;
	readonly tenants: readonly FunctionPlan[];
}

/** Who takes over accepts nothing before it can serve: its predecessor still does. */
async function accept(options: AcceptOptions): Promise<readonly string[]> {
	const { settings, log, hostEnvironment, predecessor = null, isolation, front, served, tenants } = options;
	if (predecessor !== null) {
		await tryIsolation(settings.isolation, isolation, tenants, hostEnvironment);
		if (isolation.kind !== 'direct') await untilWarm(() => served.lacking);
	}
	const urls = await openPoints(front, settings.listen, log, predecessor);
	if (predecessor === null) await tryIsolation(settings.isolation, isolation, tenants, hostEnvironment);
	return urls;
}

/** There is no state folder that could change hands. */
function servingOf({ listen }: RunSettings, front: Front): Omit<Serving, 'stop'> {
	return {
		listening: listeningOf(listen, front),
		controlAddress: null,
		checkSelf: async (timeoutMs) => await front.gateway?.checkSelf(timeoutMs),
		lendState: () => Promise.resolve(),
		takeBackState: () => Promise.resolve(),
	};
}

interface WatchOptions {
	readonly settings: RunSettings;
	readonly log: Log;
	readonly reread: () => RunSettings;
	readonly edge: EdgePlans;
	readonly front: Front;
	readonly served: ServedFunction;
}

/** Loaded by those who need it: what watches folders is for who is at work. */
async function watch({ settings, reread, edge, ...parts }: WatchOptions): Promise<WatchedFunction> {
	const { WatchedFunction } = await import('./watched-function.ts');
	let latest: RunSettings | null = null;
	return new WatchedFunction({
		...parts,
		folder: settings.function.codeRoot,
		settings: async () => {
			try {
				const plan = await edge.resolve(judged(settings, reread()), parts.log);
				// The one before may still be starting from its own bundle.
				if (latest !== null) await edge.keep([latest, plan]);
				latest = plan;
				return plan;
			} finally {
				await edge.rest();
			}
		},
	});
}

/** What belongs to httpfn itself is as it was when it was started. Throws ERR_RELOAD_FAILED. */
function judged(running: RunSettings, wanted: RunSettings): RunSettings {
	judgeHostChanges({ ...running, control: null }, { ...wanted, control: null });
	return wanted;
}

/** A function that is being worked on may be put right: until then its requests are told what is wrong with it. */
function whatToServe(error: unknown, watched: boolean, log: Log): RuntimeError {
	if (!watched || !(error instanceof RuntimeError)) throw error;
	log.write('error', error.message, { code: error.code });
	return error;
}
