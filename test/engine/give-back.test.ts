import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { giveBack } from '../../src/engine/give-back.ts';

const test = suite('giving memory back');
const LONG = 256 * 1024;

test('H-148: bytes that are all of their memory are freed at once, and their length is 0 then; twice is harmless', () => {
	const bytes = new Uint8Array(LONG);
	giveBack(bytes);
	assert.is(bytes.byteLength, 0);
	giveBack(bytes);
});

test('H-148: bytes that share their memory stay, unless nobody reads the rest; so do short ones, and those of a pool', () => {
	const whole = new Uint8Array(LONG);
	const part = whole.subarray(1);
	giveBack(part);
	assert.is(whole.byteLength, LONG);
	const short = new Uint8Array(100);
	giveBack(short);
	assert.is(short.byteLength, 100);
	const pooled = Buffer.from('of the pool');
	giveBack(pooled, true);
	assert.is(pooled.toString(), 'of the pool');
	giveBack(part, true);
	assert.is(whole.byteLength, 0);
});

test.run();
