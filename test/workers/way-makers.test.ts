import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WayMakers } from '../../src/workers/way-makers.ts';
import { TestWorker } from './desk-bed.ts';

const test = suite('WayMakers');

/** What a worker was told of instance 7, in order. */
const told = ({ sent }: TestWorker) =>
	sent.map((message) => (message.kind === 'way' && message.instance === 7 ? message.wanted : null));

test('R-24: each worker makes way as long as another waits, and not for itself', () => {
	const workers = [new TestWorker(), new TestWorker(), new TestWorker()] as const;
	const [first, second, third] = workers;
	const ways = new WayMakers(() => workers);
	ways.tell(first, 7, true);
	assert.equal([told(first), told(second), told(third)], [[], [true], [true]]);
	ways.tell(second, 7, true);
	assert.equal([told(first), told(third).at(-1)], [[true], true]);
	ways.tell(first, 7, false);
	assert.equal([told(first).at(-1), told(second).at(-1), told(third).at(-1)], [true, false, true]);
	ways.lost(second);
	assert.equal([told(first).at(-1), told(third).at(-1)], [false, false]);
});

test.run();
