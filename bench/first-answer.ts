/** From a fresh process to its first whole answer. */
import { performance } from 'node:perf_hooks';
import { type Asked, askOnce } from './ask-once.ts';
import { type Child, untilAccepting } from './child.ts';
import { BODY_BYTES, PROXY_PORT } from './task.ts';

const URL = `http://127.0.0.1:${PROXY_PORT}/`;
const READY_MS = 30_000;

/** @returns performance.now() when the first whole answer was there; what listens before it can answer may refuse */
export async function firstAnswer(child: Child): Promise<number> {
	for (;;) {
		await untilAccepting(PROXY_PORT, child, READY_MS);
		const asked = await askOnce(URL, 'http').catch((): null => null);
		const atMs = performance.now();
		if (asked !== null) {
			assertHonest(asked);
			return atMs;
		}
	}
}

function assertHonest({ status, bytes }: Asked): void {
	if (status === 200 && bytes === BODY_BYTES.small) return;
	throw new Error(`GET ${URL} answered ${status} with ${bytes} bytes, not 200 with ${BODY_BYTES.small}`);
}
