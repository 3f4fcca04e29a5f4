import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { digits, figureText, tickText } from '../../../src/bench/report/figure-text.ts';

const test = suite('figure-text');

test('B-65: a figure has three digits that count, its unit, and a dash where it is missing', () => {
	assert.equal([0, 0.0421, 7.128, 42, 1234.5, -0.5, 1_234_567].map(digits), [
		'0',
		'0.042',
		'7.13',
		'42.0',
		'1,235',
		'−0.500',
		'1,234,567',
	]);
	assert.is(figureText(21.46, 'µs'), '21.5\u00a0µs');
	assert.is(figureText(9000, 'KiB'), '9,000\u00a0KiB');
	assert.is(figureText(46_080, 'KiB'), '45.0\u00a0MiB');
	assert.is(figureText(Number.NaN, 'ms'), '–');
	assert.equal([0.25, 0.5, 10, 20, 1000, 2.5].map(tickText), ['0.25', '0.5', '10', '20', '1,000', '2.5']);
});

test.run();
