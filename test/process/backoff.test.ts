import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Backoff } from '../../src/process/backoff.ts';

const test = suite('backoff');

test('S-16: the first restart is at once, the next ones after 100 ms, doubling to 10 s', () => {
	const backoff = new Backoff();
	assert.is(backoff.waitMs(0), 0);
	const waits: number[] = [];
	for (let times = 0; times < 10; times++) {
		backoff.died(0, 1000);
		waits.push(backoff.waitMs(1000));
	}
	assert.equal(waits, [0, 100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
	assert.is(backoff.deaths, 10);
	assert.is(backoff.waitMs(9_000), 2_000);
	assert.is(backoff.waitMs(99_000), 0);
});

test('S-16: having been ready for 10 s ends a series of deaths, and nothing less does', () => {
	const backoff = new Backoff();
	backoff.died(0, 0);
	backoff.died(9_999, 0);
	assert.is(backoff.waitMs(0), 100);
	backoff.died(10_000, 0);
	assert.is(backoff.waitMs(0), 0);
	assert.is(backoff.deaths, 1);
});

test.run();
