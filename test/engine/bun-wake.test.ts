/** Bun alone has what this is made for; elsewhere there is none. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bun } from '../../src/engine/bun-api.ts';
import { wakeOn } from '../../src/engine/bun-wake.ts';
import { type Libc, libc } from '../../src/engine/libc.ts';
import { PollLoop, READABLE } from '../../src/engine/poll-loop.ts';
import { socketPair } from '../../src/engine/socket-pair.ts';

const test = suite('wakeOn');
const calls = libc();

if (bun === null || calls === null) {
	test('H-161: there is none where there is no Bun', () => {
		assert.is(
			wakeOn({} as Libc, 0, () => {}),
			null,
		);
	});
} else {
	test('H-161: it is called for as long as something is ready, and not called when nothing is', async () => {
		const loop = new PollLoop(calls, () => {});
		const [near, far] = socketPair('stream');
		const got: string[] = [];
		const all = Promise.withResolvers<void>();
		let turns = 0;
		const byte = Buffer.alloc(1);
		const ready = () => {
			calls.recv(near, byte, 1, 0);
			got.push(byte.toString());
			if (got.length === 3) all.resolve();
		};
		loop.add(near, { ready, reader: null }, READABLE);
		const wake = wakeOn(calls, loop.descriptor, () => {
			turns += 1;
			loop.turn();
		});
		assert.ok(wake !== null);
		wake.hold(true);
		calls.send(far, Buffer.from('abc'), 3, 0);
		await all.promise;
		assert.equal(got, ['a', 'b', 'c']);
		// A round trip of Bun's own shows that it has looked since.
		for (let round = 0; round < 3; round++) await new Promise((resolve) => setImmediate(resolve));
		assert.is(turns, 3);
		wake.hold(false);
	});

	test('H-161: a Bun that is not as it is taken to be is left alone', () => {
		assert.is(wakeOn({ ...calls, epoll_ctl: () => -1 }, 0, assert.unreachable), null);
	});
}

test.run();
