import { Buffer } from 'node:buffer';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildEvent, eventHead } from '../../src/contract/event.ts';
import { thrown, thrownCode } from './thrown-code.ts';

const test = suite('event');

function target(path: string, query: unknown = {}): string {
	return eventHead({ httpMethod: 'GET', path, queryStringParameters: query }).target;
}

function fields(headers: unknown): string {
	return eventHead({ httpMethod: 'GET', path: '/', headers }).fieldLines;
}

test('C-25: an event gives method, path and query, one pair for each value of a list', () => {
	const head = eventHead({
		body: '',
		requestContext: { apiId: 'a', requestId: 'b', stage: 'RELEASE' },
		queryStringParameters: { b: ['2', '1'], a: 'x', empty: '', none: [] },
		httpMethod: 'DELETE',
		pathParameters: { '': 'get' },
		headers: {},
		path: '/user/get',
		isBase64Encoded: true,
	});
	assert.is(head.method, 'DELETE');
	assert.is(head.target, '/user/get?b=2&b=1&a=x&empty=');
	assert.is(head.bodyIsBase64, true);
	for (const query of [undefined, null, {}]) assert.is(target('/a', query), '/a');
});

test('C-26: a path keeps its escapes, and what no target can hold is encoded as UTF-8', () => {
	assert.is(target("/a/%2F%e4//b;c=1,!$&'()*+:@-._~"), "/a/%2F%e4//b;c=1,!$&'()*+:@-._~");
	assert.is(target('/你 好'), '/%E4%BD%A0%20%E5%A5%BD');
	assert.is(target('/a?b#c"<>\\^`{|}[]'), '/a%3Fb%23c%22%3C%3E%5C%5E%60%7B%7C%7D%5B%5D');
	assert.is(target('/100%/%zz\r\n\0'), '/100%25/%25zz%0D%0A%00');
});

test('C-26: names and values of a query are encoded whole', () => {
	assert.is(target('/', { 'a b&': '1+1=2', é: '%41/?' }), '/?a%20b%26=1%2B1%3D2&%C3%A9=%2541%2F%3F');
});

test('C-26: a target over 32 KiB is refused', () => {
	assert.is(target(`/${'a'.repeat(32 * 1024 - 1)}`).length, 32 * 1024);
	assert.is(
		thrownCode(() => target(`/${'a'.repeat(32 * 1024)}`)),
		'ERR_URI_TOO_LARGE',
	);
});

test('C-27: header values may be text or lists, and a list becomes repeated lines in order', () => {
	assert.is(
		fields({ host: 'h', accept: '*/*', cookie: ['a=1', 'b=2'] }),
		'host: h\r\naccept: */*\r\ncookie: a=1\r\ncookie: b=2\r\n',
	);
	assert.is(fields({ host: 'h', 'x-name': 'é' }), 'host: h\r\nx-name: Ã©\r\n');
});

test('C-27: framing, hop-by-hop and reserved fields are left out, also those that Connection names', () => {
	const lines = fields({
		Host: 'h',
		Connection: 'close, X-Hop',
		'x-hop': '1',
		'Keep-Alive': 'timeout=5',
		'Content-Length': '5',
		'Transfer-Encoding': 'chunked',
		TE: 'trailers',
		Upgrade: 'websocket',
		Expect: '100-continue',
		'X-CFF-Region': 'spoof',
		x_cff_region: 'spoof',
		'x-forwarded-for': '1.2.3.4',
		'x-request-id': 'abc',
		'content-type': 'text/plain',
	});
	assert.is(lines, 'Host: h\r\ncontent-type: text/plain\r\n');
});

test('C-27: there is exactly one Host', () => {
	assert.is(fields(undefined), 'host: localhost\r\n');
	assert.is(fields({ connection: 'host', host: 'h' }), 'host: h\r\n');
	assert.is(
		thrownCode(() => fields({ host: ['a', 'b'] })),
		'ERR_EVENT_INVALID',
	);
});

test('C-27: the limits of a request head hold for an event', () => {
	const over = [
		{ a: 'x'.repeat(32 * 1024) },
		{ a: Array(257).fill('x') },
		{ a: Array(5).fill('x'.repeat(30_000)) },
	];
	for (const headers of over) {
		assert.is(
			thrownCode(() => fields(headers)),
			'ERR_HEADERS_TOO_LARGE',
		);
	}
});

test('C-28: an event that is not one is refused with the field that is wrong', () => {
	const good = { httpMethod: 'GET', path: '/' };
	for (const [event, field] of [
		[null, 'the event'],
		[[], 'the event'],
		['x', 'the event'],
		[{ path: '/' }, 'httpMethod'],
		[{ ...good, httpMethod: 1 }, 'httpMethod'],
		[{ ...good, httpMethod: 'GET / HTTP/1.1\r\n' }, 'httpMethod'],
		[{ ...good, httpMethod: 'CONNECT' }, 'httpMethod'],
		[{ ...good, path: '' }, 'path'],
		[{ ...good, path: 'http://h/' }, 'path'],
		[{ ...good, path: '/\ud800' }, 'path'],
		[{ ...good, queryStringParameters: [] }, 'queryStringParameters'],
		[{ ...good, queryStringParameters: { a: 1 } }, 'queryStringParameters, "a"'],
		[{ ...good, queryStringParameters: { a: ['x', null] } }, 'queryStringParameters, "a"'],
		[{ ...good, headers: 'x' }, 'headers'],
		[{ ...good, headers: { a: {} } }, 'headers, "a"'],
		[{ ...good, headers: { 'a b': 'x' } }, 'headers, "a b"'],
		[{ ...good, headers: { a: 'x\r\ny: z' } }, 'headers, "a"'],
		[{ ...good, isBase64Encoded: 'true' }, 'isBase64Encoded'],
	] as const) {
		const error = thrown(() => eventHead(event));
		assert.is(error?.code, 'ERR_EVENT_INVALID', JSON.stringify(event));
		assert.ok(error?.message.startsWith(`Could not read ${field}: found `), error?.message);
		assert.ok(error?.message.includes(', wanted '));
	}
});

test('C-29: the body of an event is Base64 only where isBase64Encoded is true', () => {
	const flag = (event: object): boolean => eventHead({ httpMethod: 'GET', path: '/', ...event }).bodyIsBase64;
	assert.equal(
		[flag({}), flag({ isBase64Encoded: false }), flag({ isBase64Encoded: true })],
		[false, false, true],
	);
});

test('C-30: a built event is what the gateway would send, with its body in Base64', () => {
	const parts = buildEvent({
		method: 'POST',
		path: '/a%20b?x=1&y=a+b&x=2',
		headers: [
			['Content-Type', 'text/plain'],
			['X-A', '1'],
			['x-a', '2'],
		],
		body: 'héllo',
	});
	const event = JSON.parse(parts.head + Buffer.from(parts.body).toString('base64') + parts.tail);
	assert.match(event.requestContext.requestId, /^[0-9a-f]{32}$/);
	event.requestContext.requestId = 'id';
	assert.equal(event, {
		httpMethod: 'POST',
		path: '/a%20b',
		pathParameters: {},
		queryStringParameters: { x: ['1', '2'], y: 'a b' },
		headers: { 'content-type': 'text/plain', 'x-a': ['1', '2'] },
		requestContext: { requestId: 'id', stage: 'RELEASE', sourceIp: '127.0.0.1' },
		isBase64Encoded: true,
		body: 'aMOpbGxv',
	});
	assert.is(eventHead(event).target, '/a%20b?x=1&x=2&y=a%20b');
});

test('C-30: a built event without a body has an empty one, and a request that is none is refused', () => {
	const parts = buildEvent({ method: 'GET', path: '/', headers: [], body: null });
	assert.is(JSON.parse(parts.head + parts.tail).body, '');
	assert.equal(
		[...buildEvent({ method: 'PUT', path: '/', headers: [], body: new Uint8Array([0, 255]) }).body],
		[0, 255],
	);
	for (const [method, path] of [
		['GET', 'no-slash'],
		['G T', '/'],
	] as const) {
		assert.is(
			thrownCode(() => buildEvent({ method, path, headers: [], body: null })),
			'ERR_EVENT_INVALID',
		);
	}
});

test.run();
