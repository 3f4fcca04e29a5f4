import type { FunctionPlan } from '../config/function-plan.ts';
import { NamespaceIsolation } from '../isolation/namespace-isolation.ts';
import type { Isolation } from '../process/sandbox.ts';

/** Has places made ahead for the instances to come, where the isolation keeps any. */
export function warmPlaces(
	isolation: Isolation,
	plans: Iterable<FunctionPlan>,
	hostEnvironment: Readonly<Record<string, string>>,
): void {
	if (!(isolation instanceof NamespaceIsolation)) return;
	for (const { function: settings, sandbox, scaling } of plans) {
		if (scaling.instancesMax !== 0) isolation.warm(settings, sandbox, hostEnvironment.PATH ?? '');
	}
}
