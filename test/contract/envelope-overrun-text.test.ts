import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { envelopeOverrun } from '../../src/contract/envelope.ts';
import { envelopeOverrunText } from '../../src/contract/envelope-overrun-text.ts';
import { sizeText } from '../../src/contract/size-text.ts';

const test = suite('envelope overrun text');

test('C-37: an overrun is told in three figures, in MB of 1,048,576 bytes', () => {
	const overrun = envelopeOverrun(Math.round(4.63 * 1024 * 1024), 200);
	assert.ok(overrun !== null);
	assert.is(envelopeOverrunText(overrun), 'raw 4.63 MB, encoded 6.17 MB, 0.17 MB over');
});

test('C-37: a size under 0.01 MB is told in bytes', () => {
	assert.is(sizeText(0), '0 bytes');
	assert.is(sizeText(101), '101 bytes');
	assert.is(sizeText(10_485), '10485 bytes');
	assert.is(sizeText(10_486), '0.01 MB');
	assert.is(sizeText(6 * 1024 * 1024), '6.00 MB');
});

test.run();
