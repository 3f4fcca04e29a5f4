import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ConnectionCounts } from '../../src/gateway/connection-counts.ts';

const test = suite('ConnectionCounts');

test('G-53: an address has so many connections, a /64 of IPv6 as one address, and others have theirs', () => {
	const counts = new ConnectionCounts(2);
	assert.equal(
		['192.0.2.1', '::ffff:192.0.2.1', '192.0.2.1', '192.0.2.2'].map((one) => counts.enter(one)),
		[true, true, false, true],
	);
	assert.equal(
		['2001:db8::1', '2001:db8::2', '2001:db8::3', '2001:db8:0:1::1'].map((one) => counts.enter(one)),
		[true, true, false, true],
	);
	counts.leave('192.0.2.1');
	assert.equal([counts.enter('192.0.2.1'), counts.enter('192.0.2.1')], [true, false]);
});

test.run();
