import type { ServeSettings } from '../config/serve-settings.ts';
import { openIsolation } from '../isolation/open-isolation.ts';
import type { Log } from '../telemetry/log.ts';
import { EdgePlans } from './edge-plans.ts';
import { judgeRoom } from './judge-room.ts';

/** What the settings can not say of themselves: whether this host has room for so many. Rejects with the RuntimeError that a start would meet. */
export async function checkFunctions(
	{ isolation: choice, plans }: ServeSettings,
	log: Log,
	hostEnvironment: Readonly<Record<string, string>>,
): Promise<void> {
	const isolation = openIsolation(choice, log, hostEnvironment);
	await isolation.close();
	judgeRoom(isolation, plans.size);
	await new EdgePlans().judge([...plans.values()], log);
}
