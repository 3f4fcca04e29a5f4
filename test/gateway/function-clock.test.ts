import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { monotonicMs } from '../../src/base/clock.ts';
import { DeadlineQueue } from '../../src/base/deadline.ts';
import { FunctionClock } from '../../src/gateway/function-clock.ts';

const test = suite('function-clock');
const TIMEOUT_MS = 40;

interface Timed {
	readonly clock: FunctionClock;
	/** Resolves with the milliseconds from the beginning to the timeout. */
	readonly elapsedMs: Promise<number>;
}

function timed(): Timed {
	const { promise, resolve } = Promise.withResolvers<number>();
	const sinceMs = monotonicMs();
	const onTimeout = (): void => resolve(monotonicMs() - sinceMs);
	const target = {
		deadlines: new DeadlineQueue(TIMEOUT_MS),
		settings: { timeoutSeconds: TIMEOUT_MS / 1000 },
	};
	const clock = new FunctionClock(target, { onTimeout });
	return { clock, elapsedMs: promise };
}

// The timers of deadlines do not keep a process alive.
const alive = setInterval(() => {}, 1000);
test.after(() => clearInterval(alive));

/** Resolves when a deadline of the same length, set now, has passed. */
function timeout(): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, TIMEOUT_MS));
}

test('H-118: the clock runs out once its time is over, and not before', async () => {
	const { clock, elapsedMs } = timed();
	clock.start();
	await timeout();
	assert.ok((await elapsedMs) >= TIMEOUT_MS);
});

test('H-118: waits for the client are added to its time', async () => {
	const { clock, elapsedMs } = timed();
	clock.start();
	clock.waitForClient(true);
	await timeout();
	clock.waitForClient(true);
	await timeout();
	clock.waitForClient(false);
	await timeout();
	await timeout();
	assert.ok((await elapsedMs) >= 3 * TIMEOUT_MS - 1);
});

test('H-118: a stopped clock does not run out, not even while it makes up for waits', async () => {
	const { clock, elapsedMs } = timed();
	clock.waitForClient(true);
	clock.start();
	await timeout();
	await timeout();
	clock.waitForClient(false);
	clock.stop();
	clock.stop();
	await timeout();
	await timeout();
	assert.is(await Promise.race([elapsedMs, Promise.resolve('still')]), 'still');
});

test.run();
