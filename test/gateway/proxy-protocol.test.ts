import net from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseBlock } from '../../src/base/address-block.ts';
import { ProxyHeader } from '../../src/gateway/proxy-protocol.ts';
import { GatewayBed } from '../harness/gateway-bed.ts';
import { TlsFolder } from '../harness/tls-folder.ts';

const test = suite('the PROXY protocol');

const SIGNATURE = '0d0a0d0a000d0a515549540a';
const FOUR = Buffer.from(`${SIGNATURE}2111000cc0000201c00002021f901f91`, 'hex');
const SIX = Buffer.from(
	`${SIGNATURE}21210024${'20010db8000000000000000000000001'}${'20010db8000000000000000000000002'}1f901f91`,
	'hex',
);
const LOCAL = Buffer.from(`${SIGNATURE}20000000`, 'hex');
/** A field that we do not know follows the addresses. */
const WITH_FIELDS = Buffer.from(`${SIGNATURE}21110011c0000201c00002021f901f91ea00020102`, 'hex');
const UNIX = Buffer.from(`${SIGNATURE}213100d8${'00'.repeat(216)}`, 'hex');

const READ: readonly (readonly [string, Buffer, string | null])[] = [
	['TCP4', Buffer.from('PROXY TCP4 192.0.2.1 192.0.2.2 8080 8081\r\n'), '192.0.2.1 8080'],
	['TCP6', Buffer.from('PROXY TCP6 2001:db8::1 2001:db8::2 8080 8081\r\n'), '2001:db8::1 8080'],
	['UNKNOWN', Buffer.from('PROXY UNKNOWN\r\n'), null],
	['UNKNOWN and more', Buffer.from('PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n'), null],
	['version 2, IPv4', FOUR, '192.0.2.1 8080'],
	['version 2, IPv6', SIX, '2001:db8::1 8080'],
	['version 2, LOCAL', LOCAL, null],
	['version 2 with fields', WITH_FIELDS, '192.0.2.1 8080'],
	['version 2, Unix', UNIX, null],
];

for (const [name, bytes, source] of READ) {
	test(`G-85: a header is read wherever it is cut, and what follows is left: ${name}`, () => {
		const all = Buffer.concat([bytes, Buffer.from('GET')]);
		for (let cut = 0; cut <= bytes.length; cut++) {
			const header = new ProxyHeader();
			const first = cut === 0 ? null : header.read(all.subarray(0, cut));
			const preface = first ?? header.read(all.subarray(cut));
			assert.ok(preface !== null);
			const found = preface.source === null ? null : `${preface.source.address} ${preface.source.port}`;
			assert.is(found, source);
			assert.is(preface.rest.toString(), cut === bytes.length ? '' : 'GET');
		}
	});
}

const BROKEN: readonly (readonly [string, string])[] = [
	['a request', 'GET / HTTP/1.1\r\n'],
	['lower case', 'proxy TCP4 1.2.3.4 1.2.3.4 1 2\r\n'],
	['an address of the other family', 'PROXY TCP4 2001:db8::1 1.2.3.4 1 2\r\n'],
	['a block for an address', 'PROXY TCP4 1.2.3.4/8 1.2.3.4 1 2\r\n'],
	['an address with leading zeros', 'PROXY TCP4 01.2.3.4 1.2.3.4 1 2\r\n'],
	['a port too high', 'PROXY TCP4 1.2.3.4 1.2.3.4 65536 2\r\n'],
	['a missing port', 'PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n'],
	['a line without end', `PROXY UNKNOWN ${'x'.repeat(107)}`],
	['a bare line feed', 'PROXY TCP4 1.2.3.4 1.2.3.4 1 2\nGET / HTTP/1.1\r\n'],
	['version 3', Buffer.from(`${SIGNATURE}31110000`, 'hex').toString('latin1')],
	['a family that is none', Buffer.from(`${SIGNATURE}21440000`, 'hex').toString('latin1')],
	['too short for its addresses', Buffer.from(`${SIGNATURE}21110004c0000201`, 'hex').toString('latin1')],
	['longer than we read', Buffer.from(`${SIGNATURE}2111ffff`, 'hex').toString('latin1')],
];

for (const [name, text] of BROKEN) {
	test(`G-86: what is no header is refused: ${name}`, () => {
		assert.throws(() => new ProxyHeader().read(Buffer.from(text, 'latin1')));
	});
}

const LISTED = [parseBlock('127.0.0.1')].filter((block) => block !== null);
const REQUEST = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

test('G-87: the function is told the address of a listed proxy’s client, plain and below TLS', async () => {
	using folder = new TlsFolder();
	const tls = { certificates: [folder.pair('a')], minVersion: '1.2' } as const;
	await using bed = await GatewayBed.start({ proxyProtocol: LISTED, tls });
	const plain = net.connect(bed.port, '127.0.0.1');
	plain.write(Buffer.concat([FOUR, Buffer.from(REQUEST)]));
	const first = await bed.function.peer();
	assert.is((await first.head()).value('x-real-ip'), '192.0.2.1');
	plain.destroy();
	await bed.listen({ kind: 'tcp', host: '127.0.0.1', port: 0 }, true);
	const raw = net.connect(bed.port, '127.0.0.1');
	raw.write(FOUR);
	const { connect } = await import('node:tls');
	const secure = connect({ socket: raw, servername: 'a.test', rejectUnauthorized: false }, () =>
		secure.write(REQUEST),
	);
	const second = await bed.function.peer();
	const head = await second.head();
	assert.is(head.value('x-real-ip'), '192.0.2.1');
	assert.is(head.value('x-forwarded-proto'), 'https');
	secure.destroy();
});

test('G-88: a listed proxy that sends no header is reset and told of in the log; one that is not listed can not send any', async () => {
	await using bed = await GatewayBed.start({ proxyProtocol: LISTED });
	const bare = net.connect(bed.port, '127.0.0.1');
	const outcome = new Promise((resolve) =>
		bare.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code)),
	);
	bare.write(REQUEST);
	assert.is(await outcome, 'ECONNRESET');
	assert.ok(bed.log.records.some(({ level, fields }) => level === 'warn' && fields.proxy === '127.0.0.1'));
	await using stranger = await GatewayBed.start({
		proxyProtocol: [parseBlock('192.0.2.0/24')].filter((block) => block !== null),
	});
	const client = await stranger.client();
	await client.send(`PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n${REQUEST}`);
	assert.is((await client.answer()).status, 400);
});

test.run();
