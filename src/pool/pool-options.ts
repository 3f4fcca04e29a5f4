import type { ScalingSettings } from '../contract/scaling-settings.ts';
import type { InstanceOptions } from '../process/instance-options.ts';
import type { WaitingRoom } from './place-queue.ts';

export interface PoolOptions extends InstanceOptions {
	readonly scaling: ScalingSettings;
	/** Keep at least one instance, from the beginning. */
	readonly eager?: boolean;
	/** Milliseconds from SIGTERM to SIGKILL when an instance is stopped. */
	readonly stopGraceMs?: number;
	/** Absent: it shares the host with no other. */
	readonly waitingRoom?: WaitingRoom;
}
