/**
 * Requests that two servers in a row may read differently, in front of a function whose parser is not ours. What the gateway lets through
 * the function has to read as the gateway did, and what it can not read it must not read on from.
 */
import http from 'node:http';
import type net from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { GatewayBed } from '../harness/gateway-bed.ts';
import { RawClient } from '../harness/raw-client.ts';

const test = suite('desync');

const MARKER = 'GET /marker HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
/** Never by rights a request of its own. */
const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: a\r\nX: ';
const post = (...lines: string[]) => `POST /first HTTP/1.1\r\nHost: a\r\n${lines.join('\r\n')}\r\n\r\n`;
const chunked = 'Transfer-Encoding: chunked';

/** The function: Node's own server, which notes each request that it reads. */
async function recorder(): Promise<{ readonly port: number; readonly seen: string[] } & AsyncDisposable> {
	const seen: string[] = [];
	const server = http.createServer((request, response) => {
		let bytes = 0;
		request.on('data', (part: Buffer) => {
			bytes += part.length;
		});
		request.on('end', () => {
			seen.push(`${request.method} ${request.url} ${bytes}`);
			response.end(`answer to ${request.url}.`);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		port: (server.address() as net.AddressInfo).port,
		seen,
		async [Symbol.asyncDispose]() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** Sends all at once, and reads to the end of the connection. */
async function sendAll(port: number, bytes: string): Promise<string> {
	const client = await RawClient.connect(port);
	await client.send(Buffer.from(bytes, 'latin1'));
	const answers = (await client.takeRest()).toString('latin1');
	await client[Symbol.asyncDispose]();
	return answers;
}

/** Refused whole: nothing of it reaches the function, nor of what follows it, and the connection ends. */
const REFUSED: readonly (readonly [string, string])[] = [
	['Content-Length and Transfer-Encoding', `${post('Content-Length: 5', chunked)}0\r\n\r\n${SMUGGLED}`],
	['Transfer-Encoding and Content-Length', `${post(chunked, 'Content-Length: 50')}0\r\n\r\n${SMUGGLED}`],
	['two different lengths', `${post('Content-Length: 5', 'Content-Length: 50')}hello${SMUGGLED}`],
	['lengths in a list', `${post('Content-Length: 5, 50')}hello${SMUGGLED}`],
	['a length with a sign', `${post('Content-Length: +5')}hello${SMUGGLED}`],
	['a negative length', `${post('Content-Length: -5')}hello${SMUGGLED}`],
	['a length in hexadecimal', `${post('Content-Length: 0x5')}hello${SMUGGLED}`],
	['an empty length', `${post('Content-Length: ')}hello${SMUGGLED}`],
	['a length with a blank in it', `${post('Content-Length: 5 0')}hello${SMUGGLED}`],
	['a length beyond all numbers', `${post(`Content-Length: ${'9'.repeat(30)}`)}hello${SMUGGLED}`],
	['a blank before the colon', `${post('Transfer-Encoding : chunked')}0\r\n\r\n${SMUGGLED}`],
	['a tab before the colon', `${post('Content-Length\t: 5')}hello${SMUGGLED}`],
	['a coding that nobody knows', `${post('Transfer-Encoding: xchunked')}0\r\n\r\n${SMUGGLED}`],
	['chunked twice', `${post('Transfer-Encoding: chunked, chunked')}0\r\n\r\n${SMUGGLED}`],
	['chunked not the last', `${post('Transfer-Encoding: chunked, identity')}0\r\n\r\n${SMUGGLED}`],
	['two Transfer-Encodings', `${post(chunked, 'Transfer-Encoding: identity')}0\r\n\r\n${SMUGGLED}`],
	['chunked in quotes', `${post('Transfer-Encoding: "chunked"')}0\r\n\r\n${SMUGGLED}`],
	['a vertical tab in the coding', `${post('Transfer-Encoding: \x0bchunked')}0\r\n\r\n${SMUGGLED}`],
	['a folded line', `${post('Transfer-Encoding:', ' chunked')}0\r\n\r\n${SMUGGLED}`],
	['a line that begins with a blank', `${post(' Transfer-Encoding: chunked')}0\r\n\r\n${SMUGGLED}`],
	['a bare line feed in a value', `${post('A: b\nTransfer-Encoding: chunked')}0\r\n\r\n${SMUGGLED}`],
	['a bare carriage return in a value', `${post('A: b\rTransfer-Encoding: chunked')}0\r\n\r\n${SMUGGLED}`],
	['a NUL in a value', `${post('A: b\0Content-Length: 5')}${SMUGGLED}`],
	['a head that ends in line feeds', `POST /first HTTP/1.1\nHost: a\nContent-Length: 5\n\nhello${SMUGGLED}`],
	['a line without a colon', `${post('Content-Length 5')}hello${SMUGGLED}`],
	['an empty name', `${post(': 5')}${SMUGGLED}`],
	['a chunk size with a sign', `${post(chunked)}+5\r\nhello\r\n0\r\n\r\n${SMUGGLED}`],
	['a chunk size with 0x', `${post(chunked)}0x5\r\nhello\r\n0\r\n\r\n${SMUGGLED}`],
	['a chunk size beyond all numbers', `${post(chunked)}fffffffffffffffff5\r\nhello\r\n0\r\n\r\n${SMUGGLED}`],
	['a chunk that is longer than its size', `${post(chunked)}3\r\nhello\r\n0\r\n\r\n${SMUGGLED}`],
	['a chunk that ends in a line feed', `${post(chunked)}5\r\nhello\n0\r\n\r\n${SMUGGLED}`],
	['a chunk size line that ends in a line feed', `${post(chunked)}5\nhello\r\n0\r\n\r\n${SMUGGLED}`],
	['a line feed in a chunk extension', `${post(chunked)}5;a=\n5\r\nhello\r\n0\r\n\r\n${SMUGGLED}`],
	['a bare carriage return in a chunk extension', `${post(chunked)}5;a\rb\r\nhello\r\n0\r\n\r\n${SMUGGLED}`],
	[
		'a trailer that names a length',
		`${post(chunked)}5\r\nhello\r\n0\r\nContent-Length: 50\r\n\r\n${SMUGGLED}`,
	],
	['two Hosts', `GET /first HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n${SMUGGLED}`],
	['no Host', `GET /first HTTP/1.1\r\n\r\n${SMUGGLED}`],
	['a Host with a path', `GET /first HTTP/1.1\r\nHost: a/b\r\n\r\n${SMUGGLED}`],
	['a blank in the target', `GET /first /smuggled HTTP/1.1\r\nHost: a\r\n\r\n${SMUGGLED}`],
	['another version', `GET /first HTTP/1.2\r\nHost: a\r\n\r\n${SMUGGLED}`],
	['HTTP/1.0 with chunks', `POST /first HTTP/1.0\r\nHost: a\r\n${chunked}\r\n\r\n0\r\n\r\n${SMUGGLED}`],
];

for (const [name, bytes] of REFUSED) {
	test(`G-60: what can be read in two ways is refused, and nothing is read after it: ${name}`, async () => {
		await using fn = await recorder();
		await using bed = await GatewayBed.start({ upstreamPort: fn.port });
		const answers = await sendAll(bed.port, bytes + MARKER);
		assert.equal(fn.seen, []);
		const statuses = [...answers.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status));
		assert.is(statuses.length, 1, answers);
		assert.ok([400, 413, 417, 501, 505].includes(statuses[0] ?? 0), answers);
	});
}

/** Read in one way by both: the function sees the request as it is, and what follows is the next one. */
const SERVED: readonly (readonly [string, string, string])[] = [
	['a length of 0 and a body', post('Content-Length: 0'), 'POST /first 0'],
	[
		'a body that looks like a request',
		`${post('Content-Length: 44')}${'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'.padEnd(44, 'x')}`,
		'POST /first 44',
	],
	[
		'chunks that look like a request',
		`${post(chunked)}23\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n\r\n0\r\n\r\n`,
		'POST /first 35',
	],
	['the coding in capitals', `${post('TRANSFER-ENCODING: CHUNKED')}5\r\nhello\r\n0\r\n\r\n`, 'POST /first 5'],
	['a chunk extension', `${post(chunked)}5;a="b;c"\r\nhello\r\n0\r\n\r\n`, 'POST /first 5'],
	['a size with leading zeros', `${post(chunked)}0005\r\nhello\r\n000\r\n\r\n`, 'POST /first 5'],
	['a target with a host of its own', 'GET http://a/first HTTP/1.1\r\nHost: a\r\n\r\n', 'GET /first 0'],
	[
		'a hop-by-hop name that is a length',
		`${post('Connection: Content-Length', 'Content-Length: 5')}hello`,
		'POST /first 5',
	],
	[
		'an upgrade that the function does not take',
		'GET /first HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
		'GET /first 0',
	],
	['an empty line before the request', '\r\nGET /first HTTP/1.1\r\nHost: a\r\n\r\n', 'GET /first 0'],
];

for (const [name, bytes, first] of SERVED) {
	test(`G-61: the function sees what was sent by rights, and the next request is the next: ${name}`, async () => {
		await using fn = await recorder();
		await using bed = await GatewayBed.start({ upstreamPort: fn.port });
		const answers = await sendAll(bed.port, bytes + MARKER);
		assert.equal(fn.seen, [first, 'GET /marker 0'], answers);
		const bodies = [...answers.matchAll(/answer to (\/\w+)\./g)].map(([, target]) => target);
		assert.equal(bodies, ['/first', '/marker']);
	});
}

test('G-62: what a function sends beyond its answer goes to nobody, whoever asks next', async () => {
	await using bed = await GatewayBed.start();
	const evil = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil';
	for (const asker of ['one', 'two', 'three']) {
		const client = await bed.client();
		client.ask(`GET /${asker} HTTP/1.1`);
		const peer = await bed.function.peer();
		await peer.head();
		await peer.send(`HTTP/1.1 200 OK\r\nContent-Length: ${asker.length}\r\n\r\n${asker}${evil}`);
		const answer = await client.answer();
		assert.ok(answer.status === 502 || answer.text === asker, answer.text);
		assert.not.match(answer.text, 'evil');
	}
});

test.run();
