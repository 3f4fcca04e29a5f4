import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { deskBed } from './desk-bed.ts';

const test = suite('PlaceTable');

const SHARED = { instancesMax: 1, requestsPerInstanceMax: 10 };

test('R-21: answers on places that workers keep come between timeouts, and an instance is replaced for three in a row only', async () => {
	await using one = deskBed(SHARED);
	const { desk, places, answers } = one;
	const [first, second] = one.workers;
	desk.want(second, 100);
	const kept = await second.granted(100);
	const timeOut = async (ask: number): Promise<void> => {
		desk.want(first, ask);
		places.release((await first.granted(ask)).place, 'timeout');
	};
	for (let ask = 1; ask <= 4; ask++) {
		answers.set(kept.place, ask);
		await timeOut(ask);
	}
	assert.is(one.bed.pool.stats().ready, 1);
	for (let ask = 5; ask <= 6; ask++) await timeOut(ask);
	assert.is(one.bed.pool.stats().ready, 0);
});

test('R-20: a place that is given back twice is given back once', async () => {
	await using one = deskBed(SHARED);
	const [first] = one.workers;
	one.desk.want(first, 1);
	const { place } = await first.granted(1);
	one.places.release(place, 'answered');
	one.places.release(place, 'abandoned');
	assert.is(one.bed.pool.stats().requests, 0);
	assert.ok(one.desk.idle);
});

test('R-4: whoever did not come by a place is known by its own name', () => {
	using bed = { ...deskBed(SHARED), [Symbol.dispose]() {} };
	assert.equal(bed.places.of('6a1f0b3e'), { id: '6a1f0b3e', endedForMs: null });
	assert.is(bed.places.of('place 3'), null);
});

test.run();
