import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseRequestHead, type RoleOfField } from '../../src/http1/request-head.ts';
import { faultKind } from './fault-kind.ts';

const LIMITS = { targetBytesMax: 40, lineBytesMax: 100, countMax: 8 };
const parse = (text: string, roleOf: RoleOfField = () => 'plain') => parseRequestHead(text, LIMITS, roleOf);
const withLine = (line: string) => parse(`${line}\r\nHost: h\r\n`);

const test = suite('parseRequestHead');

test('H-10: a request line is read into method, target and version', () => {
	const head = withLine('POST /a?b=c HTTP/1.1');
	assert.is(head.method, 'POST');
	assert.is(head.target, '/a?b=c');
	assert.is(head.minorVersion, 1);
	assert.is(withLine('x-y_z / HTTP/1.0').method, 'x-y_z');
});

test('H-10: a request line with other parts, more spaces or a method that is no token is refused', () => {
	const lines = [
		...['', 'GET', 'GET /', 'GET  / HTTP/1.1', ' GET / HTTP/1.1', 'GET / HTTP/1.1 ', 'GET /  HTTP/1.1'],
		...[
			'GET\t/ HTTP/1.1',
			'GET /\tHTTP/1.1',
			'G(T / HTTP/1.1',
			'GET:/ / HTTP/1.1',
			'GET / http/1.1',
			'GET / HTTP/1.1x',
		],
		...[
			'GET / HTTP/11',
			'GET / HTTP/1.',
			'GET / HTTP/01.1',
			'GET / HTTP/1.10',
			'GET / a HTTP/1.1',
			'G\0T / HTTP/1.1',
		],
		...[
			'GET / HTTP/1.1\r',
			'\nGET / HTTP/1.1',
			'\rGET / HTTP/1.1',
			'G\xc9T / HTTP/1.1',
			'GET / HTTP/1,1',
			'GET / XTTP/1.1',
		],
	];
	for (const line of lines)
		assert.is(
			faultKind(() => withLine(line)),
			'malformed',
			JSON.stringify(line),
		);
});

test('H-10: another HTTP version is told apart from nonsense, also in the preface of HTTP/2', () => {
	for (const line of ['GET / HTTP/2.0', 'GET / HTTP/1.2', 'GET / HTTP/0.9', 'PRI * HTTP/2.0']) {
		assert.is(
			faultKind(() => withLine(line)),
			'version-unsupported',
			line,
		);
	}
});

test('H-11: path and query are kept byte for byte', () => {
	const targets = ['/', '//x/../y', '/%2e%2E/%00', '/a\\b', '/?', '/?a=/?&b', '/"<>^`{|}', '/\xe4\xbd\xa0'];
	for (const target of targets) assert.is(withLine(`GET ${target} HTTP/1.1`).target, target);
});

test('H-11: the authority of an absolute-form target takes the place of Host', () => {
	const cases = [
		['http://a.example/p?q', 'a.example', '/p?q'],
		['HTTP://a:80', 'a:80', '/'],
		['https://[::1]:8?q', '[::1]:8', '/?q'],
	] as const;
	for (const [target, host, path] of cases) {
		const head = parse(`GET ${target} HTTP/1.1\r\nHost: other\r\nA: b\r\n`);
		assert.is(head.host, host);
		assert.is(head.target, path);
		assert.is(head.hostKept, false);
		assert.is(head.kept, 'A: b\r\n');
	}
});

test('H-11: a target that is neither origin-form nor absolute-form is refused', () => {
	const targets = [
		...[
			'*',
			'a',
			'a/b',
			'h:80',
			'?q',
			'%2f',
			'ftp://h/',
			'http:/h',
			'http://',
			'http:///p',
			'http://?q',
			'http://:80/',
		],
		...['http://u@h/', 'http://h:x/', 'http://h:1:2/', 'http://a,b/', 'http://[::1/', 'httpx://h/', '\\'],
		...['/#f', '/\x00', '/\x7f', '/\x0b', '/\r', '/\n', 'http://h/#'],
	];
	for (const target of targets) {
		assert.is(
			faultKind(() => withLine(`GET ${target} HTTP/1.1`)),
			'malformed',
			JSON.stringify(target),
		);
	}
	assert.is(
		faultKind(() => withLine('CONNECT h:80 HTTP/1.1')),
		'malformed',
	);
	assert.is(
		faultKind(() => withLine('CONNECT / HTTP/1.1')),
		'malformed',
	);
});

test('H-15: a target may be as long as the limit and no longer', () => {
	const target = `/${'a'.repeat(LIMITS.targetBytesMax - 1)}`;
	assert.is(withLine(`GET ${target} HTTP/1.1`).target, target);
	assert.is(
		faultKind(() => withLine(`GET ${target}a HTTP/1.1`)),
		'target-too-large',
	);
});

test('H-12: an HTTP/1.1 request names its host exactly once, an HTTP/1.0 request at most once', () => {
	assert.is(parse('GET / HTTP/1.0\r\n').host, '');
	assert.is(parse('GET / HTTP/1.0\r\n').hostKept, false);
	for (const text of [
		'GET / HTTP/1.1\r\n',
		'GET http://h/ HTTP/1.1\r\n',
		'GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n',
		'GET / HTTP/1.0\r\nHost: a\r\nhOST: b\r\n',
	]) {
		assert.is(
			faultKind(() => parse(text)),
			'malformed',
			JSON.stringify(text),
		);
	}
});

test('H-12: Host is a name or address with an optional port', () => {
	const hosts = [
		'',
		'h',
		'a.example:80',
		'[::1]',
		'[fe80::1%25eth0]:8000',
		'127.0.0.1:1',
		'a:',
		'a_b',
		'%41',
	];
	for (const host of hosts) {
		const head = parse(`GET / HTTP/1.1\r\nHost: ${host}\r\n`);
		assert.is(head.host, host);
		assert.ok(head.hostKept);
	}
	const wrong = [
		'a b',
		'\ta',
		'a,b',
		'u@h',
		'a/b',
		'a?b',
		'h:80:80',
		'h:x',
		'h:123456',
		'[::1',
		'::1',
		'[]',
		'[a]b',
		'a[b]',
		'\xe4',
		'a\\b',
		'"h"',
	];
	for (const host of wrong) {
		assert.is(
			faultKind(() => parse(`GET / HTTP/1.1\r\nHost: ${host}\r\n`)),
			'malformed',
			host,
		);
	}
});

test('H-20: Expect is 100-continue or refused, and means nothing to an HTTP/1.0 client', () => {
	const expecting = (version: string, value: string) =>
		parse(`POST / HTTP/1.${version}\r\nHost: h\r\nExpect: ${value}\r\n`);
	assert.ok(expecting('1', '100-Continue').expectContinue);
	assert.is(expecting('1', '100-continue').kept, 'Host: h\r\n');
	assert.not(expecting('0', '100-continue').expectContinue);
	for (const value of ['', '100', '100-continue, more', 'more']) {
		assert.is(
			faultKind(() => expecting('1', value)),
			'expectation-unsupported',
			value,
		);
	}
});

test('H-20: a protocol to upgrade to counts only where Connection names it, in HTTP/1.1', () => {
	const upgrading = (version: string, connection: string) =>
		parse(`GET / HTTP/1.${version}\r\nHost: h\r\nConnection: ${connection}\r\nUpgrade: WebSocket\r\n`)
			.upgrade;
	assert.is(upgrading('1', 'keep-alive, Upgrade'), 'websocket');
	assert.is(upgrading('1', 'keep-alive'), '');
	assert.is(upgrading('0', 'Upgrade'), '');
});

test('H-18: a request for h2c loses its upgrade and the settings that belong to it', () => {
	const head = parse(
		'GET / HTTP/1.1\r\nHost: h\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\nConnection: Upgrade, HTTP2-Settings\r\n',
	);
	assert.is(head.upgrade, 'h2c');
	assert.is(head.kept, 'Host: h\r\n');
});

test('H-18: fields that the caller reserves are dropped wherever they stand', () => {
	const reserved = (name: string) => (name.startsWith('x-mine') ? 'reserved' : 'plain');
	const head = parse(
		'GET / HTTP/1.1\r\nX-Mine-A: 1\r\nHost: h\r\nX-MINE-B: 2\r\nX-Other: 3\r\nx-mine: 4\r\n',
		reserved,
	);
	assert.is(head.kept, 'Host: h\r\nX-Other: 3\r\n');
});

test('H-19: a client keeps its connection unless it says close, or in HTTP/1.0 only where it says keep-alive', () => {
	const keeps = (version: string, ...lines: string[]) =>
		parse(`GET / HTTP/1.${version}\r\nHost: h\r\n${lines.map((line) => `${line}\r\n`).join('')}`).keepAlive;
	assert.ok(keeps('1'));
	assert.not(keeps('1', 'Connection: Close'));
	assert.not(keeps('1', 'Connection: keep-alive', 'Connection: x, close'));
	assert.not(keeps('0'));
	assert.ok(keeps('0', 'Connection: Keep-Alive'));
	assert.not(keeps('0', 'Connection: keep-alive, close'));
});

test.run();
