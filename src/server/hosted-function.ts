/** One function, or one version of it, as it is served: its instances, and what the gateway sees of them. */
import type { SharedBudget } from '../base/shared-budget.ts';
import type { FunctionPlan } from '../config/function-plan.ts';
import { LIMITS } from '../contract/limits.ts';
import type { ScalingSettings } from '../contract/scaling-settings.ts';
import { FunctionTarget } from '../gateway/function-target.ts';
import type { RequestObserver } from '../gateway/request-observer.ts';
import { InstancePool } from '../pool/instance-pool.ts';
import type { InstanceSource } from '../pool/instance-source.ts';
import type { InstanceObserver } from '../process/instance-observer.ts';
import type { RequestNames } from '../process/requests-in-flight.ts';
import type { Isolation } from '../process/sandbox.ts';
import type { Log } from '../telemetry/log.ts';

export interface HostedOptions {
	readonly plan: FunctionPlan;
	readonly isolation: Isolation;
	readonly hostEnvironment: Readonly<Record<string, string>>;
	readonly log: Log;
	/** Told of each request; absent: nobody counts them. */
	readonly observer?: RequestObserver;
	/** Told of its processes; absent: only the log is. */
	readonly instances?: InstanceObserver;
	/** Of all functions of the host; absent: there is no other. */
	readonly waiting?: SharedBudget;
	/** What requests are called that its pool is asked for places; absent: by their ids. */
	readonly requestNames?: RequestNames | null;
	/** Who gives its places to requests of this process; absent: its pool. */
	readonly sourceOf?: (hosted: HostedFunction) => InstanceSource;
}

export class HostedFunction {
	readonly plan: FunctionPlan;
	readonly pool: InstancePool;
	readonly target: FunctionTarget;

	/** Reserved instances, and that of an eager function, start at once; all others with a request. */
	constructor(options: HostedOptions) {
		const {
			plan,
			isolation,
			hostEnvironment,
			log,
			observer,
			instances,
			waiting,
			requestNames = null,
			sourceOf,
		} = options;
		this.plan = plan;
		this.pool = new InstancePool({
			settings: plan.function,
			sandbox: plan.sandbox,
			scaling: scalingFor(plan, isolation.kind),
			isolation,
			hostEnvironment,
			log,
			requestNames,
			eager: plan.eager,
			stopGraceMs: LIMITS.stopGraceMs,
			...(instances === undefined ? {} : { observer: instances }),
			...(waiting === undefined ? {} : { waitingRoom: waiting.shareOf(this) }),
		});
		this.target = new FunctionTarget({
			settings: plan.function,
			source: sourceOf?.(this) ?? this.pool,
			log,
			observer: observer ?? null,
		});
	}
}

/** The platform's one request an instance would make a host with one instance serve one request at a time. */
export function scalingFor(plan: FunctionPlan, kind: Isolation['kind']): ScalingSettings {
	if (kind !== 'direct' || plan.concurrentNumGiven) return plan.scaling;
	return { ...plan.scaling, requestsPerInstanceMax: LIMITS.requestsPerInstanceMax };
}
