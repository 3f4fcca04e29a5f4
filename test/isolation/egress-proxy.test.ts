import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ProtocolFault } from '../../src/http1/protocol-fault.ts';
import {
	ProxyHead,
	type ProxyRequest,
	proxyEnvironment,
	proxyRefusal,
} from '../../src/isolation/egress-proxy.ts';

const test = suite('egress proxy');

function read(text: string): ProxyRequest {
	const request = new ProxyHead().push(Buffer.from(text, 'latin1'));
	if (request === null) throw new Error('the head is incomplete');
	return request;
}

function isRefused(text: string): boolean {
	try {
		read(text);
		return false;
	} catch (error) {
		if (error instanceof ProtocolFault) return true;
		throw error;
	}
}

test('N-60: CONNECT names its destination, and what follows it goes there unchanged', () => {
	const { host, port, greeting, forward } = read(
		'CONNECT a.example:443 HTTP/1.1\r\nHost: other\r\n\r\n\x16\x03\0',
	);
	assert.equal([host, port], ['a.example', 443]);
	assert.match(greeting.toString('latin1'), /^HTTP\/1\.1 200 [^\r]+\r\n\r\n$/);
	assert.is(forward.toString('latin1'), '\x16\x03\0');
	const six = read('CONNECT [fd00::1]:8443 HTTP/1.0\r\n\r\n');
	assert.equal([six.host, six.port, six.forward.length], ['fd00::1', 8443, 0]);
});

test('N-60: a head may come byte by byte', () => {
	const head = new ProxyHead();
	const bytes = Buffer.from('CONNECT a.example:443 HTTP/1.1\r\n\r\n');
	const answers = [...bytes].map((byte) => head.push(Buffer.from([byte])));
	assert.ok(answers.slice(0, -1).every((answer) => answer === null));
	assert.is(answers.at(-1)?.host, 'a.example');
});

test('N-60: a CONNECT without a host or a port, and one with more than these, is refused', () => {
	const targets = [
		'a',
		'a:',
		':443',
		'a:0',
		'a:65536',
		'a:1:2',
		'u@a:443',
		'http://a:443',
		'[::1',
		'/',
		'a:443 x',
		'[]:1',
	];
	for (const target of targets) assert.ok(isRefused(`CONNECT ${target} HTTP/1.1\r\n\r\n`), target);
	assert.ok(isRefused('CONNECT a:443 HTTP/2.0\r\n\r\n'));
});

test('N-61: a request for an http URL goes to its host in origin form, and is the last of its connection', () => {
	const { host, port, greeting, forward } = read(
		'POST http://a.example:8080/x?y=1 HTTP/1.1\r\nHost: forged\r\nAccept: */*\r\nProxy-Connection: keep-alive\r\n' +
			'Proxy-Authorization: Basic eA==\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nContent-Length: 4\r\n\r\nbody',
	);
	assert.equal([host, port, greeting.length], ['a.example', 8080, 0]);
	assert.is(
		forward.toString('latin1'),
		'POST /x?y=1 HTTP/1.1\r\nHost: a.example:8080\r\nAccept: */*\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody',
	);
	assert.equal([read('GET http://a HTTP/1.0\r\n\r\n').port], [80]);
});

test('N-61: a chunked body and Expect are passed on', () => {
	const { forward } = read(
		'PUT http://a/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n1\r\nx\r\n',
	);
	assert.match(
		forward.toString('latin1'),
		/\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n.*\r\n\r\n1\r\nx\r\n$/s,
	);
});

test('N-61: a request that is for no http URL, or that two parsers could read differently, is refused', () => {
	assert.ok(isRefused('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
	assert.ok(isRefused('GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n'));
	assert.ok(isRefused('GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n'));
	assert.ok(isRefused('GET http://a:0/ HTTP/1.1\r\nHost: a\r\n\r\n'));
	assert.ok(
		isRefused(
			'POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
		),
	);
	assert.ok(isRefused(`GET http://a/ HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(200_000)}`));
});

test('N-62: a refusal is an answer that ends the connection and says why', () => {
	const [head = '', body = ''] = proxyRefusal(403, 'metadata').toString('latin1').split('\r\n\r\n');
	assert.match(head, /^HTTP\/1\.1 403 Forbidden\r\n/);
	assert.ok(head.includes(`Content-Length: ${body.length}`) && head.includes('Connection: close'));
	assert.match(body, /metadata/);
});

test('N-63: programs find the proxy in both spellings, and do not use it for their own loopback', () => {
	const variables = proxyEnvironment(15_001);
	for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy']) {
		assert.is(variables[name], 'http://127.0.0.1:15001');
	}
	for (const name of ['NO_PROXY', 'no_proxy']) {
		assert.equal(variables[name]?.split(',').sort(), ['127.0.0.1', '::1', 'localhost']);
	}
});

test.run();
