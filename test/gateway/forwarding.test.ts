/** What of a request the function sees, and what of a response the client sees. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ReceivedHead } from '../harness/fake-function.ts';
import { type BedOptions, GatewayBed } from '../harness/gateway-bed.ts';
import type { RawAnswer } from '../harness/raw-client.ts';

const test = suite('forwarding');
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const CREDENTIALS = {
	accessKey: 'ak',
	secretKey: 'sk',
	securityAccessKey: 'sak',
	securitySecretKey: 'ssk',
	securityToken: 'st',
	authToken: 'at',
};

/** What the function sees of one request. */
async function seen(options: BedOptions, requestLine: string, ...lines: string[]): Promise<ReceivedHead> {
	await using bed = await GatewayBed.start(options);
	const { peer } = await bed.asked(requestLine, ...lines);
	return await peer.head();
}

/** What the client sees of a response, given as lines without CRLF. */
async function answered(lines: readonly string[], body = ''): Promise<RawAnswer> {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked();
	await peer.head();
	void peer.send(`${lines.join('\r\n')}\r\n\r\n${body}`);
	return await client.answer();
}

test('H-50: the function sees the platform headers of its settings, of the connection and of the request', async () => {
	await using bed = await GatewayBed.start();
	const { peer } = await bed.asked('GET / HTTP/1.1');
	const head = await peer.head();
	const expected = {
		'X-CFF-Memory': '256',
		'X-CFF-Timeout': '30',
		'X-CFF-Func-Version': 'latest',
		'X-CFF-Func-Name': 'hello-http',
		'X-CFF-Project-Id': '0910fc31530026f82fd0c018a303517e',
		'X-CFF-Package': 'default',
		'X-CFF-Region': 'cn-north-4',
		'X-Apig-Source-Stage': 'RELEASE',
		'X-Apig-Source-Ip': '127.0.0.1',
		'X-Real-IP': '127.0.0.1',
		'X-Forwarded-For': '127.0.0.1',
		'X-Forwarded-Host': 'a',
		'X-Forwarded-Port': String(bed.port),
		'X-Forwarded-Proto': 'http',
		Host: 'a',
	};
	for (const [name, value] of Object.entries(expected)) assert.is(head.value(name), value, name);
	const id = head.value('X-CFF-Request-Id') ?? '';
	assert.match(id, UUID);
	assert.is(head.value('X-Apig-Request-Id'), id.replaceAll('-', ''));
	assert.is(head.value('X-Request-Id'), id.replaceAll('-', ''));
	assert.match(head.value('X-Apig-Api-Id') ?? '', /^[0-9a-f]{32}$/);
});

test('H-50: an IPv4 client of a listener on all addresses is told by its plain IPv4 address', async () => {
	const head = await seen({ host: '::' }, 'GET / HTTP/1.1');
	assert.is(head.value('X-Real-IP'), '127.0.0.1');
	assert.is(head.value('X-Forwarded-For'), '127.0.0.1');
});

test('H-51: a client sends platform headers in vain, whatever the case or the separators of their names', async () => {
	const names = ['X-CFF-', 'x-cff-', 'X-Cff_', 'X_CFF_', 'X.CFF.', 'X-Apig-', 'x_apig_', 'X-Forwarded-'];
	const forged = [
		...names.flatMap((prefix) => [`${prefix}Region: forged`, `${prefix}Anything: forged`]),
		'x_forwarded_for: forged',
		'X-REAL-IP: forged',
		'X_Real_IP: forged',
		'x-request-id: forged',
		'X-Request_Id: forged',
		'X-CFF-Secret-Key: forged',
	];
	const head = await seen({}, 'GET / HTTP/1.1', 'X-Mine: kept', ...forged);
	assert.equal(
		head.lines.filter((line) => line.includes('forged')),
		[],
	);
	assert.is(head.value('X-Mine'), 'kept');
	assert.is(head.value('X-CFF-Region'), 'cn-north-4');
});

test('H-52: the secret headers reach the function only where it has credentials', async () => {
	const secret = /^X-CFF-(Access-Key|Secret-Key|Security-|Auth-Token)/i;
	const without = await seen({}, 'GET / HTTP/1.1', 'X-CFF-Access-Key: forged');
	assert.not(without.lines.some((line) => secret.test(line)));
	const head = await seen({ credentials: CREDENTIALS }, 'GET / HTTP/1.1', 'X-CFF-Access-Key: forged');
	assert.is(head.value('X-CFF-Access-Key'), 'ak');
	assert.is(head.value('X-CFF-Security-Token'), 'st');
	assert.is(head.lines.filter((line) => secret.test(line)).length, 6);
});

test('H-53: path and query arrive byte for byte', async () => {
	for (const target of [
		'/',
		'//a//b/../c/./d',
		'/..',
		'/%2F%2f%00%zz?a=b&&c=%',
		'/\xc3\xa9\xe4\xbd\xa0?q=\xff\xfe',
		'/a;b=c:d@e!$&\'()*+,="<>\\^`{|}[]?x=/?y',
		`/${'long/'.repeat(6000)}`,
	]) {
		const head = await seen({}, `PURGE ${target} HTTP/1.1`);
		assert.is(head.requestLine, `PURGE ${target} HTTP/1.1`);
	}
});

test('H-54: an absolute-form target is split into path and Host, and its authority wins', async () => {
	const head = await seen({}, 'GET http://example.test:81/x?y=1 HTTP/1.1');
	assert.is(head.requestLine, 'GET /x?y=1 HTTP/1.1');
	assert.is(head.value('Host'), 'example.test:81');
	assert.is(head.value('X-Forwarded-Host'), 'example.test:81');
	assert.is((await seen({}, 'GET http://example.test?y HTTP/1.1')).requestLine, 'GET /?y HTTP/1.1');
});

test('H-55: repeated request headers reach the function apart, in order and as they were written', async () => {
	const lines = ['Cookie: b=2', 'X-Many: 1', 'cookie:   a=1  ', 'X-Many: 2', 'X-Bytes: \xe9\xff', 'Empty:'];
	const head = await seen({}, 'GET / HTTP/1.1', ...lines);
	assert.equal(head.lines.slice(1, lines.length + 1), lines);
});

test('H-55: repeated response headers reach the client apart, in order and as they were written', async () => {
	const lines = ['Set-Cookie: b=2', 'set-cookie: a=1; Path=/', 'X-A: \xe9', 'Set-Cookie: b=3', 'Vary:'];
	const answer = await answered(['HTTP/1.1 299 Fine \xe9', ...lines, 'Content-Length: 0']);
	assert.is(answer.statusLine, 'HTTP/1.1 299 Fine \xe9');
	assert.equal(answer.lines.slice(0, lines.length), lines);
});

test('H-56: hop-by-hop headers of a request stay behind, and so do those that Connection names', async () => {
	const head = await seen(
		{},
		'GET / HTTP/1.1',
		'Connection: keep-alive, X-Hop , te',
		'Keep-Alive: timeout=9',
		'TE: trailers',
		'Trailer: X-T',
		'X-Hop: 1',
		'Proxy-Authorization: Basic eA==',
		'Proxy-Connection: keep-alive',
		'Upgrade: h2c',
		'Accept: */*',
	);
	assert.equal(
		head.lines.filter((line) => !line.startsWith('X-')),
		['Host: a', 'Accept: */*'],
	);
	assert.is(head.value('X-Hop'), null);
});

test('H-56: Connection can not name Host away, nor a header of the platform', async () => {
	const head = await seen({}, 'GET / HTTP/1.1', 'Connection: host, X-CFF-Request-Id, X-Forwarded-For');
	assert.is(head.value('Host'), 'a');
	assert.match(head.value('X-CFF-Request-Id') ?? '', UUID);
	assert.is(head.value('X-Forwarded-For'), '127.0.0.1');
});

test('H-56: hop-by-hop headers of a response stay behind, and so do those that Connection names', async () => {
	const answer = await answered(
		[
			'HTTP/1.1 200 OK',
			'Connection: close, X-Hop',
			'Keep-Alive: timeout=5',
			'X-Hop: 1',
			'Proxy-Authenticate: Basic',
			'Trailer: X-T',
			'Server: mine',
			'Content-Length: 2',
		],
		'ok',
	);
	assert.equal(
		answer.lines.filter((line) => !line.startsWith('X-')),
		['Server: mine', 'Content-Length: 2'],
	);
	assert.is(answer.value('X-Hop'), null);
	assert.is(answer.text, 'ok');
});

test('H-57: a function can not set the request id of an answer, nor the headers of an error', async () => {
	const answer = await answered([
		'HTTP/1.1 200 OK',
		'X-Cff-Request-Id: forged',
		'X-Request-Id: forged',
		'X_Httpfn_Error: forged',
		'X-Func-Err-Code: forged',
		'X-Is-Func-Err: forged',
		'Content-Length: 0',
	]);
	assert.not(answer.lines.some((line) => line.includes('forged')));
	assert.match(answer.value('X-Cff-Request-Id') ?? '', UUID);
});

test('H-57: the answer carries the very request id that the function saw', async () => {
	await using bed = await GatewayBed.start();
	const { client, peer } = await bed.asked();
	const head = await peer.head();
	await peer.reply('x');
	const answer = await client.answer();
	assert.is(answer.value('X-Cff-Request-Id'), head.value('X-CFF-Request-Id'));
	assert.is(answer.value('X-Request-Id'), head.value('X-Request-Id'));
});

test.run();
