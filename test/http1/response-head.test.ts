import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isBodiless, parseResponseHead } from '../../src/http1/response-head.ts';
import { faultKind } from './fault-kind.ts';

const LIMITS = { lineBytesMax: 1000, countMax: 64 };
const parse = (text: string) => parseResponseHead(text, LIMITS, (name) => name === 'x-mine');

const test = suite('parseResponseHead');

test('H-21: a status line is read into code and reason, which may be empty', () => {
	const reasons = [
		['HTTP/1.1 200 OK', 'OK'],
		['HTTP/1.1 200 ', ''],
		['HTTP/1.0 200', ''],
		['HTTP/1.1 200 \xe4\xbd\xa0 a\tb', '\xe4\xbd\xa0 a\tb'],
	] as const;
	for (const [line, reason] of reasons) {
		const head = parse(`${line}\r\n`);
		assert.is(head.status, 200);
		assert.is(head.reason, reason);
	}
	assert.is(parse('HTTP/1.1 599 x\r\n').status, 599);
	assert.is(parse('HTTP/1.1 100 Continue\r\n').status, 100);
});

test('H-21: a status line that a parser could read otherwise is refused', () => {
	const lines = [
		...[
			'',
			'HTTP/1.1',
			'HTTP/1.1 ',
			'HTTP/1.1 20',
			'HTTP/1.1 2000',
			'HTTP/1.1 20x OK',
			'HTTP/1.1  200 OK',
			'HTTP/1.1 200\tOK',
			'HTTP/1.1\t200 OK',
		],
		...[
			'http/1.1 200 OK',
			'HTTP/2.0 200 OK',
			'HTTP/1.2 200 OK',
			'HTTP/1.1 099 x',
			'HTTP/1.1 600 x',
			'HTTP/1.1 +20 x',
			'ICY 200 OK',
			' HTTP/1.1 200 OK',
		],
		...[
			'HTTP/1.1 200 a\0b',
			'HTTP/1.1 200 a\rb',
			'HTTP/1.1 200 a\nb',
			'HTTP/1.1 200 \x7f',
			'HTTP/1.1 200 OK\r',
			'HTTP/1.1 200\r',
		],
	];
	for (const line of lines)
		assert.is(
			faultKind(() => parse(`${line}\r\n`)),
			'malformed',
			JSON.stringify(line),
		);
});

test('H-18: repeated fields pass apart and in order; fields of the hop and reserved ones do not pass', () => {
	const head = parse(
		'HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nX-Mine: 1\r\nKeep-Alive: timeout=7\r\nset-cookie: b\r\nContent-Length: 3\r\n',
	);
	assert.is(head.kept, 'Set-Cookie: a\r\nset-cookie: b\r\n');
	assert.is(head.contentLength, 3);
	assert.is(head.keepAliveSeconds, 7);
});

test('H-17: a response with both lengths, or chunked in HTTP/1.0, is refused like a request', () => {
	assert.is(
		faultKind(() => parse('HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n')),
		'malformed',
	);
	assert.is(
		faultKind(() => parse('HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n')),
		'malformed',
	);
	assert.is(
		faultKind(() => parse('HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n')),
		'malformed',
	);
	assert.is(
		faultKind(() => parse('HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n')),
		'transfer-coding-unknown',
	);
});

test('H-19: a function keeps its connection by the rules for clients', () => {
	assert.ok(parse('HTTP/1.1 200 OK\r\n').keepAlive);
	assert.not(parse('HTTP/1.1 200 OK\r\nConnection: close\r\n').keepAlive);
	assert.not(parse('HTTP/1.0 200 OK\r\n').keepAlive);
	assert.ok(parse('HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n').keepAlive);
	assert.is(parse('HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n').upgrade, 'websocket');
});

test('H-22: 1xx, 204, 304 and answers to HEAD have no body; all others may', () => {
	for (const status of [100, 101, 103, 199, 204, 304]) assert.ok(isBodiless(status, 'GET'), String(status));
	for (const status of [200, 205, 206, 301, 404, 500]) {
		assert.not(isBodiless(status, 'GET'), String(status));
		assert.ok(isBodiless(status, 'HEAD'), String(status));
	}
	assert.not(isBodiless(200, 'head'));
});

test.run();
