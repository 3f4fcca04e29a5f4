import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { monotonicMs } from '../../src/base/clock.ts';
import { Deadline, DeadlineQueue } from '../../src/base/deadline.ts';

/** Fulfilled once `count` of the deadlines it makes have expired; `fired` tells which, and `atMs` when. */
function race(count: number) {
	const fired: string[] = [];
	const atMs: number[] = [];
	const { promise, resolve } = Promise.withResolvers<void>();
	// The timer of a queue does not keep the process alive; a test has to.
	const alive = setInterval(() => {}, 1000);
	const make = (name: string, onExpire: () => void = () => {}): Deadline =>
		new Deadline(() => {
			fired.push(name);
			atMs.push(monotonicMs());
			onExpire();
			if (fired.length === count) resolve();
		});
	return { fired, atMs, make, over: promise.finally(() => clearInterval(alive)) };
}

const test = suite('DeadlineQueue');

test('H-37: deadlines expire once each, in the order they were set, and never early', async () => {
	const { fired, atMs, make, over } = race(3);
	const queue = new DeadlineQueue(20);
	const setAtMs = monotonicMs();
	for (const name of ['a', 'b', 'c']) queue.set(make(name));
	await over;
	assert.equal(fired, ['a', 'b', 'c']);
	for (const firedAtMs of atMs) assert.ok(firedAtMs - setAtMs >= 20);
});

test('H-37: a cleared deadline never expires, and clearing twice is harmless', async () => {
	const { fired, make, over } = race(2);
	const queue = new DeadlineQueue(10);
	const [first, middle, last] = [make('first'), make('middle'), make('last')];
	for (const deadline of [first, middle, last]) queue.set(deadline);
	queue.set(make('kept'));
	for (const deadline of [middle, first, last, middle]) deadline.clear();
	queue.remove(middle);
	queue.set(make('too'));
	await over;
	assert.equal(fired, ['kept', 'too']);
});

test('H-37: a deadline that is set again starts over, also in another queue', async () => {
	const { fired, make, over } = race(3);
	const [queue, other] = [new DeadlineQueue(10), new DeadlineQueue(30)];
	const [again, moved] = [make('again'), make('moved')];
	queue.set(again);
	queue.set(moved);
	queue.set(make('plain'));
	queue.set(again);
	other.set(moved);
	queue.remove(moved);
	await over;
	assert.equal(fired, ['plain', 'again', 'moved']);
});

test('H-37: deadlines may be set and cleared while one expires', async () => {
	const { fired, make, over } = race(3);
	const queue = new DeadlineQueue(10);
	const cleared = make('cleared');
	const second = make('second', () => queue.set(make('third')));
	queue.set(
		make('first', () => {
			cleared.clear();
			queue.set(second);
		}),
	);
	queue.set(cleared);
	await over;
	assert.equal(fired, ['first', 'second', 'third']);
});

test('H-37: a duration longer than a timer can hold does not expire at once', async () => {
	const { fired, make, over } = race(1);
	const long = make('long');
	new DeadlineQueue(2 ** 33).set(long);
	new DeadlineQueue(10).set(make('short'));
	await over;
	long.clear();
	assert.equal(fired, ['short']);
});

test.run();
