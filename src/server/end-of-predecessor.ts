import { endStrays } from '../process/strays.ts';
import type { Log } from '../telemetry/log.ts';
import type { Predecessor } from './predecessor.ts';

/** Resolves when nothing of the process before is left, its instances neither: it may have been killed before it ended them. */
export function endOfPredecessor(predecessor: Predecessor | null, log: Log): Promise<void> {
	return predecessor === null
		? Promise.resolve()
		: predecessor.gone.then(() => endStrays(log)).then(() => {});
}
