import { once } from '../base/once.ts';
import { endStrays } from '../process/strays.ts';
import type { Log } from '../telemetry/log.ts';
import type { Predecessor } from './predecessor.ts';

/**
 * Resolves when nothing of an httpfn before is left: of the one that this one takes over from, whose instances may outlive it where it was
 * killed, or of any that was. Looked for once, when it is first asked for: a start does not wait for what every process of the host has
 * to be looked at for.
 */
export function leftovers(predecessor: Predecessor | null, log: Log): () => Promise<void> {
	return once(async () => {
		await predecessor?.gone;
		await endStrays(log);
	});
}
