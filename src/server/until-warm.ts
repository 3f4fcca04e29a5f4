import { setTimeout as delay } from 'node:timers/promises';

const LOOK_MS = 20;

/** Resolves when no reserved instance is lacking. Who waits for it has a deadline, and ends this process when it is over. */
export async function untilWarm(lacking: () => number): Promise<void> {
	while (lacking() > 0) await delay(LOOK_MS);
}
