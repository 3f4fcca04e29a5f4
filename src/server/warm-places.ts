import type { FunctionPlan } from '../config/function-plan.ts';
import { DirectIsolation } from '../isolation/direct-isolation.ts';
import { NamespaceIsolation } from '../isolation/namespace-isolation.ts';
import type { Isolation } from '../process/sandbox.ts';

/** Has made ahead for the instances to come what the isolation keeps. */
export function warmPlaces(
	isolation: Isolation,
	plans: Iterable<FunctionPlan>,
	hostEnvironment: Readonly<Record<string, string>>,
): void {
	for (const { function: settings, sandbox, scaling } of plans) {
		if (scaling.instancesMax === 0) continue;
		if (isolation instanceof NamespaceIsolation) isolation.warm(settings, sandbox, hostEnvironment);
		if (isolation instanceof DirectIsolation) isolation.warm(settings, hostEnvironment);
	}
}
