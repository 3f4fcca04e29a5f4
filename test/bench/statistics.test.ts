/** Medians, percentiles and intervals. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { medianInterval, quantile, ratioInterval } from '../../src/bench/statistics.ts';

const test = suite('bench/statistics');

test('B-70: percentiles lie linearly between the two nearest values, whatever their order', () => {
	assert.is(quantile([4, 1, 3, 2], 0.5), 2.5);
	assert.is(quantile([4, 1, 3, 2], 1), 4);
	assert.is(quantile([5], 0.99), 5);
	assert.ok(Number.isNaN(quantile([], 0.5)));
});

test('B-70: an interval holds its estimate, narrows with more rounds, and is the same each time', () => {
	const few = [9, 10, 11, 10, 12];
	const many = Array.from({ length: 20 }, () => few).flat();
	const [wide, narrow] = [medianInterval(few), medianInterval(many)];
	assert.is(wide.estimate, 10);
	assert.ok(wide.low <= 10 && wide.high >= 10);
	assert.ok(narrow.high - narrow.low < wide.high - wide.low);
	assert.equal(medianInterval(few), wide);
});

test('B-70: the ratio of two medians is as unsure as both of them together', () => {
	const before = [100, 101, 99, 100, 102, 98, 100];
	const after = before.map((value) => value * 1.2);
	const { estimate, low, high } = ratioInterval(before, after);
	assert.ok(Math.abs(estimate - 1.2) < 1e-9);
	assert.ok(low > 1.1 && low < 1.2 && high > 1.2 && high < 1.3, `${low} to ${high}`);
});

test.run();
