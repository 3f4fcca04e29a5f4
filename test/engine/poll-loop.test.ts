import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { libc, requiredLibc } from '../../src/engine/libc.ts';
import { PollLoop, type PollSource, READABLE } from '../../src/engine/poll-loop.ts';
import { socketPair } from '../../src/engine/socket-pair.ts';
import { polledTransport } from '../../src/engine/sockets-polled.ts';

const test = suite('PollLoop');

/** Joined sockets, closed at the end. */
class Pairs implements Disposable {
	readonly #open: number[] = [];

	/** A descriptor that is readable. */
	readable(): number {
		const [near, far] = socketPair('stream');
		this.#open.push(near, far);
		requiredLibc().send(far, Buffer.from('x'), 1, 0);
		return near;
	}

	[Symbol.dispose](): void {
		for (const descriptor of this.#open) requiredLibc().close(descriptor);
	}
}

function source(ready: () => void): PollSource {
	return { ready, reader: null };
}

if (libc() === null) {
	test('H-162: where the C library can not be called there is no such set', () => {
		assert.is(polledTransport(), null);
	});
} else {
	test('H-162: a source that another has removed in the same turn is told nothing', () => {
		using pairs = new Pairs();
		const loop = new PollLoop(requiredLibc(), () => {});
		const [one, two] = [pairs.readable(), pairs.readable()];
		let told = 0;
		const removing = (other: number) =>
			source(() => {
				told += 1;
				loop.remove(other);
			});
		loop.add(one, removing(two), READABLE);
		loop.add(two, removing(one), READABLE);
		loop.turn();
		loop.turn();
		assert.is(told, 2, 'each turn finds the one that is left');
		requiredLibc().close(loop.descriptor);
	});

	test('H-162: what was to be told of a descriptor is not told to who has it next', () => {
		using pairs = new Pairs();
		const loop = new PollLoop(requiredLibc(), () => {});
		const descriptors = [pairs.readable(), pairs.readable()];
		const told: string[] = [];
		for (const descriptor of descriptors) {
			const next = new Map(descriptors.map((each) => [each, source(() => told.push('next'))]));
			const first = source(() => {
				told.push('first');
				for (const each of descriptors) loop.remove(each);
				for (const [each, other] of next) loop.add(each, other, READABLE);
			});
			loop.add(descriptor, first, READABLE);
		}
		loop.turn();
		assert.equal(told, ['first']);
		loop.turn();
		assert.equal(told, ['first', 'next', 'next']);
		requiredLibc().close(loop.descriptor);
	});

	test('H-162: one that fails keeps no other from being told', async () => {
		using pairs = new Pairs();
		const loop = new PollLoop(requiredLibc(), () => {});
		const failure = Promise.withResolvers<unknown>();
		process.once('uncaughtException', failure.resolve);
		let told = 0;
		for (let count = 0; count < 2; count++) {
			const failing = source(() => {
				told += 1;
				if (told === 1) throw new Error('the first');
			});
			loop.add(pairs.readable(), failing, READABLE);
		}
		loop.turn();
		assert.is(told, 2);
		assert.match(String(await failure.promise), 'the first');
		requiredLibc().close(loop.descriptor);
	});

	test('H-162: who waits is told when there is something to wait for, and when there is not', () => {
		using pairs = new Pairs();
		const used: boolean[] = [];
		const loop = new PollLoop(requiredLibc(), (is) => used.push(is));
		const [one, two] = [pairs.readable(), pairs.readable()];
		for (const descriptor of [one, two])
			loop.add(
				descriptor,
				source(() => {}),
				READABLE,
			);
		for (const descriptor of [one, two, two]) loop.remove(descriptor);
		assert.equal(used, [true, false]);
		assert.throws(() =>
			loop.add(
				1_000_000,
				source(() => {}),
				READABLE,
			),
		);
		requiredLibc().close(loop.descriptor);
	});
}

test.run();
