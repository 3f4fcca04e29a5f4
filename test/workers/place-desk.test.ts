import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { deskBed } from './desk-bed.ts';

const test = suite('PlaceDesk');

const ONE = { instancesMax: 1, requestsPerInstanceMax: 1 };

test('R-5: a place that a worker keeps is given back for another, and no instance is started', async () => {
	await using one = deskBed({ instancesMax: 10, requestsPerInstanceMax: 1 });
	const { desk, places, bed } = one;
	const [first, second] = one.workers;
	desk.want(first, 1);
	const { place } = await first.granted(1);
	// It has kept the place since its request ended.
	first.onShare = (round) => {
		places.release(place, 'answered');
		desk.shared(first, round);
	};
	desk.want(second, 2);
	await second.granted(2);
	assert.is(bed.pool.stats().starts, 1);
	assert.is(bed.pool.stats().requests, 1);
	assert.ok(first.sent.some(({ kind }) => kind === 'share'));
});

test('R-5: where every place is in use another instance is started', async () => {
	await using one = deskBed({ instancesMax: 10, requestsPerInstanceMax: 1 });
	const [first, second] = one.workers;
	one.desk.want(first, 1);
	await first.granted(1);
	one.desk.want(second, 2);
	const { instance } = await second.granted(2);
	assert.is.not(instance, (await first.granted(1)).instance);
	assert.is(one.bed.pool.stats().starts, 2);
});

test('R-19: those who wait are served in their order, whichever worker they came by, without whom was given up', async () => {
	await using one = deskBed({ ...ONE, queueMax: 3 });
	const { desk, places } = one;
	const [first, second] = one.workers;
	desk.want(first, 1);
	let { place } = await first.granted(1);
	desk.want(second, 2);
	desk.want(first, 3);
	desk.want(second, 4);
	desk.cancel(first, 3);
	desk.want(first, 5);
	desk.want(first, 6);
	assert.is(await first.refused(6), 'ERR_TOO_MANY_REQUESTS');
	for (const [worker, ask] of [
		[second, 2],
		[second, 4],
		[first, 5],
	] as const) {
		places.release(place, 'answered');
		({ place } = await worker.granted(ask));
		assert.is(one.bed.pool.stats().requests, 1);
	}
	assert.ok(first.sent.every((message) => message.kind !== 'grant' || message.ask !== 3));
});

test('R-20: a worker that does not answer holds up others for a while only', async () => {
	await using one = deskBed({ instancesMax: 2, requestsPerInstanceMax: 1 });
	const [first, second] = one.workers;
	one.desk.want(first, 1);
	await first.granted(1);
	first.onShare = () => {};
	one.desk.want(second, 2);
	await second.granted(2);
	assert.is(one.bed.pool.stats().starts, 2);
});

test('R-20: what a worker has that ends is given to those who wait, and its own waits leave the order', async () => {
	await using one = deskBed(ONE);
	const { desk, places } = one;
	const [first, second] = one.workers;
	desk.want(first, 1);
	await first.granted(1);
	first.onShare = () => {};
	desk.want(first, 2);
	desk.want(second, 3);
	desk.lost(first);
	for (const place of first.places) places.release(place, 'abandoned');
	await second.granted(3);
	assert.is(first.places.size, 0);
	assert.is(one.bed.pool.stats().requests, 1);
	places.release((await second.granted(3)).place, 'answered');
	await desk.settled();
	assert.ok(desk.idle);
});

test('R-18: when nobody has waited for a while places may be kept again, and a worker that joins is told how it is', async () => {
	await using one = deskBed(ONE);
	const { desk, places } = one;
	const [first, second] = one.workers;
	desk.want(first, 1);
	const { place } = await first.granted(1);
	desk.want(second, 2);
	desk.joined(second);
	places.release(place, 'answered');
	await second.granted(2);
	while (!first.sent.some(({ kind }) => kind === 'keep'))
		await new Promise((resolve) => setTimeout(resolve, 5));
	const told = second.sent.length;
	desk.joined(second);
	assert.is(second.sent.length, told);
});

test.run();
