import type { RunSettings } from '../config/run-settings.ts';
import { openIsolation } from '../isolation/open-isolation.ts';
import type { Log } from '../telemetry/log.ts';
import { EdgePlans } from './edge-plans.ts';

/** Everything that can be said of a function without starting it. Rejects with the RuntimeError that a start would meet. */
export async function checkFunction(
	settings: RunSettings,
	log: Log,
	hostEnvironment: Readonly<Record<string, string>>,
): Promise<void> {
	await new EdgePlans().judge([settings], log);
	// What is not asked for by name falls back to what there is.
	if (settings.isolation !== 'namespace') return;
	await openIsolation(settings.isolation, log, hostEnvironment).close();
}
