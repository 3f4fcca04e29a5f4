/** Real namespaces: needs root. */
import { readdirSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { kernel } from '../../src/isolation/kernel.ts';
import { EgressBed } from './egress-bed.ts';

const test = suite('prepare egress');

if ('Deno' in globalThis) {
	test('N-30: an engine that cannot call the C library is told so', () => {
		assert.throws(() => kernel(), /C library/);
	});
} else {
	test('N-32: a connection to loopback stays inside, and is refused where nothing listens', async () => {
		await using bed = await EgressBed.open();
		assert.is(await bed.connect('127.0.0.1', 9), 'ECONNREFUSED');
		assert.is(await bed.connect('0.0.0.0', 9), 'ECONNREFUSED');
		assert.is(await bed.connect('::1', 9), 'ECONNREFUSED');
	});

	test('N-33: a datagram to anything but port 53 is refused at once', async () => {
		await using bed = await EgressBed.open();
		assert.is(await bed.datagram('10.1.2.3', 123, 'x'), 'ECONNREFUSED');
		assert.is(await bed.datagram('2001:db8::1', 443, 'x'), 'ECONNREFUSED');
	});

	test('N-34: the kernel keeps no track of connections to the port of the function', async () => {
		await using bed = await EgressBed.open();
		assert.is(await bed.connect('10.1.2.3', 80), 'connected');
		assert.is(await bed.exchangeWithFunction(), 1);
	});

	test('N-35: a kernel without nf_tables redirects nothing, and the world is out of reach', async () => {
		await using bed = await EgressBed.open({ nfTables: false, ipv6: true });
		assert.is(bed.sockets.redirected, false);
		assert.is(await bed.connect('10.1.2.3', 8000), 'ENETUNREACH');
		assert.is(await bed.connect('2001:db8::1', 80), 'ENETUNREACH');
		assert.is(await bed.connect('127.0.0.1', 15_001), 'connected');
	});

	test('N-35: a kernel without IPv6 redirects what it has', async () => {
		await using bed = await EgressBed.open({ nfTables: true, ipv6: false });
		assert.equal([bed.sockets.tcp6, bed.sockets.redirected], [null, true]);
		assert.is(await bed.connect('10.1.2.3', 80), 'connected');
		assert.is(await bed.connect('10.1.2.3', 53), 'connected');
		assert.is(await bed.connect('127.0.0.1', 9), 'ECONNREFUSED');
		assert.is(await bed.exchangeWithFunction(), 2);
	});

	test('N-37: what cannot be prepared leaves no socket open', async () => {
		await using bed = await EgressBed.open();
		const before = openDescriptors();
		try {
			await bed.prepare();
			assert.unreachable();
		} catch (error) {
			assert.is((error as { code: string }).code, 'EADDRINUSE');
		}
		assert.is(openDescriptors(), before);
	});
}

function openDescriptors(): number {
	return readdirSync('/proc/self/fd').length;
}

test.run();
