import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { linearScale, scaleOf } from '../../../src/bench/report/scale.ts';

const test = suite('scale');

test('B-67: an axis begins at zero, and is logarithmic where that would hide the small ones', () => {
	const linear = scaleOf([4, 10]);
	assert.equal([linear.logarithmic, linear.at(0), linear.at(10)], [false, 0, 1]);
	assert.equal(linear.ticks, [0, 2, 4, 6, 8, 10]);
	const logarithmic = scaleOf([20, 3000]);
	assert.is(logarithmic.logarithmic, true);
	assert.equal(logarithmic.ticks, [10, 100, 1000]);
	assert.is(logarithmic.at(10), 0);
	assert.ok(Math.abs(logarithmic.at(3000) - 1) < 1e-9);
	assert.equal(linearScale(-0.05, 0.1).ticks.length, 4);
});

test('B-67: whatever the figures are, each has a place on the axis and the ticks are few', () => {
	fc.assert(
		fc.property(fc.array(fc.double({ min: -1e300, max: 1e300 })), (values) => {
			const { at, ticks } = scaleOf(values);
			for (const value of values) assert.ok(at(value) >= 0 && at(value) <= 1);
			assert.ok(ticks.length <= 12, `${ticks.length} ticks`);
		}),
	);
});

test.run();
