import type { ScalingSettings } from '../contract/scaling-settings.ts';
import type { Isolation } from '../process/sandbox.ts';

/** Instances that a function may have at once: as its settings say, and as there is room for. */
export function instancesMaxOf(
	{ instancesMax }: ScalingSettings,
	isolation: Pick<Isolation, 'instancesMax'>,
): number {
	return Math.min(instancesMax < 0 ? Number.POSITIVE_INFINITY : instancesMax, isolation.instancesMax);
}
