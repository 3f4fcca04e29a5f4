/**
 * The composition root of `run`: one function, its instances and its gateway.
 *
 *   start: isolation chosen → code folder judged, an edge function bundled → strays of an earlier run ended → pool (eager, reserved: instances start)
 *          → gateway accepts → one place made, where namespaces were asked for by name → announced → places made ahead
 *   stop:  gateway drains (grace) → instances ended → isolation closed → log flushed by the caller
 *
 * The isolation makes nothing before the first instance, or before the listener is announced: a start pays for none of it.
 */
import { SharedBudget } from '../base/shared-budget.ts';
import type { RunSettings } from '../config/run-settings.ts';
import type { FunctionTarget } from '../gateway/function-target.ts';
import { Gateway } from '../gateway/gateway.ts';
import { openIsolation, type Residence } from '../isolation/open-isolation.ts';
import type { PoolStats } from '../pool/pool-stats.ts';
import type { InstanceObserver } from '../process/instance-observer.ts';
import type { Isolation } from '../process/sandbox.ts';
import { endStrays } from '../process/strays.ts';
import type { Log } from '../telemetry/log.ts';
import { EdgePlans } from './edge-plans.ts';
import { HostedFunction, scalingFor } from './hosted-function.ts';
import { openAccessLog } from './open-access-log.ts';
import { openPoints } from './open-points.ts';
import { refuseEdge } from './refuse-edge.ts';
import { stoppable } from './stoppable.ts';
import { tryIsolation } from './try-isolation.ts';
import { warmPlaces } from './warm-places.ts';

export interface FunctionServer {
	/** Where it answers, as a client on this machine writes it: none where it was to listen nowhere. */
	readonly urls: readonly string[];
	/** Takes requests that came another way. */
	readonly gateway: Gateway;
	readonly target: FunctionTarget;
	stats(): PoolStats;
	readonly isolation: Isolation['kind'];
	/** Requests that one instance works on at once. */
	readonly requestsPerInstanceMax: number;
	/** The URL has been told: what would have delayed that can be done now. */
	announced(): void;
	/** Stops accepting, lets what is in flight end within the grace, then ends the function. Twice: the shorter grace holds. */
	stop(graceMs: number): Promise<void>;
}

export interface ServerOptions {
	readonly settings: RunSettings;
	readonly log: Log;
	readonly hostEnvironment: Readonly<Record<string, string>>;
	/** Told of the function's processes; absent: only the log is. */
	readonly instances?: InstanceObserver;
	/** Absent: this program is httpfn. */
	readonly residence?: Residence;
}

/** Resolves when the gateway accepts. Rejects with a RuntimeError, having left nothing behind. */
export async function startFunctionServer(options: ServerOptions): Promise<FunctionServer> {
	const { log, hostEnvironment, instances, residence = 'own' } = options;
	const { isolation: choice } = options.settings;
	const isolation = openIsolation(choice, log, hostEnvironment, [options.settings], residence);
	if (residence === 'embedded') await refuseEdge(options.settings.function.codeRoot);
	const edge = new EdgePlans();
	const resolved = edge.resolve(options.settings, log).catch(async (error) => {
		await edge.close();
		throw error;
	});
	const [settings] = await Promise.all([resolved, endStrays(log)]);
	await edge.rest();
	const accessLog = openAccessLog(settings.accessLog, log);
	const { pool, target } = new HostedFunction({
		plan: settings,
		isolation,
		hostEnvironment,
		log,
		waiting: new SharedBudget(settings.queuedMax),
		...(instances === undefined ? {} : { instances }),
	});
	const gateway = new Gateway({ ...settings, router: target, log, accessLog });
	let warming: NodeJS.Immediate | undefined;
	const end = async (): Promise<void> => {
		await pool.stop();
		await isolation.close();
		await edge.close();
		await accessLog?.close();
	};
	try {
		const urls = await openPoints(gateway, settings.listen, log);
		await tryIsolation(settings.isolation, isolation, [settings], hostEnvironment);
		return {
			urls,
			gateway,
			target,
			stats: () => pool.stats(),
			isolation: isolation.kind,
			requestsPerInstanceMax: scalingFor(settings, isolation.kind).requestsPerInstanceMax,
			announced: () => {
				// The URL leaves at the end of this turn.
				warming = setImmediate(() => warmPlaces(isolation, [settings], hostEnvironment));
			},
			stop: stoppable(async (graceMs) => {
				clearImmediate(warming);
				await gateway.drain(graceMs, (leftMs) => pool.retire(leftMs));
				await end();
			}),
		};
	} catch (error) {
		await gateway.drain(0, end);
		throw error;
	}
}
