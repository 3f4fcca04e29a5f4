import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HeldBytes } from '../../src/gateway/held-bytes.ts';

const OWNER = {};

const test = suite('held-bytes');

test('H-119: what is held comes back in order, small slices gathered and large ones as they were', () => {
	const body = new HeldBytes(1_000_000).body(1_000_000, OWNER);
	const large = Buffer.alloc(10_000, 'L');
	for (const slice of [Buffer.from('ab'), Buffer.from('c'), large, Buffer.from('d')]) {
		assert.is(body.add(slice), 'held');
	}
	assert.is(body.bytes, 10_004);
	const slices = [body.shift(), body.shift(), body.shift(), body.shift()];
	assert.is(slices[0]?.toString(), 'abc');
	assert.is(slices[1], large);
	assert.is(slices[2]?.toString(), 'd');
	assert.is(slices[3], null);
});

test('H-119: a body of single bytes costs no object for each', () => {
	const body = new HeldBytes(1_000_000).body(1_000_000, OWNER);
	for (let index = 0; index < 200_000; index++) body.add(Buffer.of(index & 0xff));
	const slices: Buffer[] = [];
	for (let slice = body.shift(); slice !== null; slice = body.shift()) slices.push(slice);
	assert.ok(slices.length < 10, `${slices.length} slices`);
	assert.is(Buffer.concat(slices)[199_999], 199_999 & 0xff);
});

test('H-119: each slice that is handed over frees its share, and releasing twice frees nothing more', () => {
	const budget = new HeldBytes(1_000_000);
	const body = budget.body(1_000_000, OWNER);
	body.add(Buffer.alloc(5000));
	body.add(Buffer.alloc(7000));
	assert.is(budget.bytes, 12_000);
	body.shift();
	assert.is(budget.bytes, 7000);
	body.release();
	body.release();
	assert.is(budget.bytes, 0);
	assert.is(body.shift(), null);
});

test('H-119: a body that passes its own limit is told from one that passes the budget of all', () => {
	const budget = new HeldBytes(10_000);
	const first = budget.body(6000, OWNER);
	assert.is(first.add(Buffer.alloc(6000)), 'held');
	assert.is(first.add(Buffer.alloc(1)), 'too-large');
	const second = budget.body(6000, OWNER);
	assert.is(second.add(Buffer.alloc(4001)), 'no-room');
	assert.is(second.add(Buffer.alloc(4000)), 'held');
});

test.run();
