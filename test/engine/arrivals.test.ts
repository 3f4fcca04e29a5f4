import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Arrivals } from '../../src/engine/arrivals.ts';

const test = suite('arrivals');

test('G-83: who does not arrive in time is given up, who arrived is not', async () => {
	const late = Promise.withResolvers<string>();
	const arrivals = new Arrivals<string>(late.resolve, 5);
	arrivals.add('prompt');
	assert.is(arrivals.delete('prompt'), true);
	arrivals.add('late');
	assert.is(await late.promise, 'late');
	assert.is(arrivals.delete('late'), false);
	assert.is(arrivals.delete('prompt'), false);
});

test('G-83: where there are too many, the one that has taken longest makes room', () => {
	const given: number[] = [];
	const arrivals = new Arrivals<number>((one) => given.push(one), 60_000, 3);
	for (const one of [1, 2, 3]) arrivals.add(one);
	arrivals.delete(2);
	arrivals.add(4);
	assert.equal(given, []);
	arrivals.add(5);
	assert.equal(given, [1]);
	arrivals.close();
	assert.equal(given, [1, 3, 4, 5]);
});

test.run();
