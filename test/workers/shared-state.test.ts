import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SharedState } from '../../src/workers/shared-state.ts';

const test = suite('SharedState');

if ('Deno' in globalThis) {
	test('R-16: on Deno there is no such memory', () => {
		assert.throws(() => SharedState.make(2));
	});
} else {
	test('R-16: each worker sees what the others use, and nothing of one that is gone', () => {
		const owner = SharedState.make(3);
		const workers = [0, 1, 2].map((index) => SharedState.open(owner.descriptor).elsewhere(index));
		workers[0]?.connections.tell(5);
		workers[1]?.connections.tell(7);
		workers[2]?.heldBytes.tell(2 ** 40);
		assert.equal(
			workers.map(({ connections }) => connections.used()),
			[7, 5, 12],
		);
		assert.equal(
			workers.map(({ heldBytes }) => heldBytes.used()),
			[2 ** 40, 2 ** 40, 0],
		);
		owner.wipe(1);
		assert.is(workers[0]?.connections.used(), 0);
		assert.is(workers[2]?.connections.used(), 5);
		assert.is(workers[0]?.connections.processes, 3);
	});

	test('R-16: connections of one network are counted over all workers', () => {
		const owner = SharedState.make(2);
		const [first, second] = [0, 1].map((index) => owner.elsewhere(index).networks);
		for (let count = 0; count < 3; count++) first?.add('192.0.2.1', 1);
		second?.add('192.0.2.1', 1);
		first?.add('192.0.2.1', -1);
		assert.is(second?.used('192.0.2.1'), 2);
		assert.is(first?.used('192.0.2.1'), 1);
		const others = Array.from({ length: 1000 }, (_, index) =>
			second?.used(`10.0.${index >> 8}.${index & 255}`),
		);
		assert.ok(others.filter((used) => used !== 0).length < 10, 'few others fall on the same count');
		owner.wipe(0);
		assert.is(second?.used('192.0.2.1'), 0);
	});

	test('R-4: the owner knows the request on each place, and for how long it has ended', () => {
		const owner = SharedState.make(2);
		const worker = SharedState.open(owner.descriptor);
		assert.is(owner.marks.of(4), null);
		worker.marks.begin(4, '6a1f0b3e-0000-4000-8000-000000000001');
		assert.equal(owner.marks.of(4), { id: '6a1f0b3e-0000-4000-8000-000000000001', endedForMs: null });
		worker.marks.end(4, true);
		const ended = owner.marks.of(4);
		assert.is(ended?.id, '6a1f0b3e-0000-4000-8000-000000000001');
		assert.ok(ended?.endedForMs !== null && (ended?.endedForMs ?? -1) >= 0);
		assert.is(owner.marks.answers(4), 1);
		owner.marks.wipe(4);
		assert.is(owner.marks.of(4), null);
		worker.marks.begin(1_000_000, 'beyond');
		assert.is(owner.marks.of(1_000_000), null);
	});
}

test.run();
