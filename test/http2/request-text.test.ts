import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Http2Fault } from '../../src/http2/http2-fault.ts';
import { judgeTrailers, requestText } from '../../src/http2/request-text.ts';

const test = suite('request-text');
const GET = [':method', 'GET', ':scheme', 'https', ':path', '/', ':authority', 'a'];

function refused(pairs: readonly string[]): void {
	try {
		requestText(7, pairs);
	} catch (error) {
		assert.instance(error, Http2Fault);
		assert.is((error as Http2Fault).code, 'PROTOCOL_ERROR');
		assert.is((error as Http2Fault).streamId, 7);
		return;
	}
	assert.unreachable(`${JSON.stringify(pairs)} was taken`);
}

function without(name: string): string[] {
	const at = GET.indexOf(name);
	return GET.toSpliced(at, 2);
}

test('G-136: fields become the head of an HTTP/1.1 request', () => {
	const pairs = [...GET, 'accept', '*/*', 'cookie', 'a=1', 'x-thing', 'one', 'cookie', 'b=2', 'host', 'A'];
	const text = 'GET / HTTP/1.1\r\nhost: a\r\naccept: */*\r\nx-thing: one\r\ncookie: a=1; b=2\r\n';
	assert.is(requestText(1, pairs), text);
	const byHost = [...without(':authority'), 'host', 'b:80'];
	assert.is(requestText(1, byHost), 'GET / HTTP/1.1\r\nhost: b:80\r\n');
});

test('G-136: what RFC 9113 section 8 forbids is PROTOCOL_ERROR of the stream', () => {
	for (const name of [':method', ':scheme', ':path']) refused(without(name));
	for (const name of [':method', ':scheme', ':path', ':authority']) refused([...GET, name, 'GET']);
	refused([...GET, ':protocol', 'websocket']);
	refused([...GET, 'x', 'y', ':path', '/']);
	refused(['x', 'y', ...GET]);
	for (const name of ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']) {
		refused([...GET, name, 'x']);
	}
	refused([...GET, 'te', 'gzip']);
	refused([...GET, 'X-Upper', 'x']);
	refused([...GET, 'host', 'b']);
	for (const path of ['', 'x', '*', 'http://b/', '/a b', '/\r\nx: y']) {
		refused([':method', 'GET', ':scheme', 'http', ':path', path, ':authority', 'a']);
	}
	refused([':method', 'GET', ':scheme', 'ftp', ':path', '/', ':authority', 'a']);
	refused([':method', 'CONNECT']);
	refused([':method', 'CONNECT', ':scheme', 'http', ':path', '/', ':authority', 'a:1']);
});

test('G-136: no name, value or pseudo-header field can pass for a line of its own', () => {
	for (const value of ['a\r\nx: y', 'a\nb', 'a\rb', 'a\0b', ' a', 'a ', '\ta'])
		refused([...GET, 'x-thing', value]);
	for (const name of ['', 'a b', 'a:', 'a\r\nb', 'a\0', 'ä']) refused([...GET, name, 'x']);
	refused([':method', 'GET / HTTP/1.1\r\nx: y\r\n', ':scheme', 'http', ':path', '/', ':authority', 'a']);
	for (const host of ['a\r\nx: y', 'a b', '']) {
		refused([':method', 'GET', ':scheme', 'http', ':path', '/', ':authority', host]);
	}
});

test('G-136: trailers are fields too, without pseudo-header fields', () => {
	judgeTrailers(7, ['x-trailer', 'x']);
	assert.throws(() => judgeTrailers(7, [':path', '/']));
	assert.throws(() => judgeTrailers(7, ['X-Trailer', 'x']));
});

test.run();
