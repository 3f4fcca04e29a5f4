/** Waits for a state that nobody announces: of processes, files, namespaces. */
import { setTimeout as delay } from 'node:timers/promises';

const LOOK_AGAIN_MS = 20;

/** Resolves with the first result that is not null; rejects with `what` when there is none in time. */
export async function until<T>(
	what: string,
	look: () => T | null | Promise<T | null>,
	withinMs = 20_000,
): Promise<T> {
	const deadlineMs = performance.now() + withinMs;
	for (;;) {
		const found = await look();
		if (found !== null) return found;
		if (performance.now() > deadlineMs) throw new Error(`${what}: not within ${withinMs} ms`);
		await delay(LOOK_AGAIN_MS);
	}
}
