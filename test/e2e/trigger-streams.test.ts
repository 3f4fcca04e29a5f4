/** WebSocket and event streams through a trigger of a deployed function. */
import { Client } from 'undici';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import WebSocket from 'ws';
import { ControlClient } from '../harness/control-client.ts';
import { DeployedHost } from '../harness/deployed-host.ts';
import { zipOf } from '../harness/zip-of.ts';

/**
 * Speaks as much of RFC 6455 as the tests need: echoes text, closes with the code that it is told, and logs the code that it is closed with.
 * What is no upgrade gets events: a number a line, as fast as they are read.
 */
const FUNCTION = `
import { createHash } from 'node:crypto';
import http from 'node:http';
const server = http.createServer((request, response) => {
	response.setHeader('Content-Type', 'text/event-stream');
	let count = 0;
	const line = 'data: ' + 'x'.repeat(64 * 1024) + '\\n\\n';
	const pump = () => {
		while (response.write(line)) count++;
		console.log('waiting after ' + count);
	};
	if (request.url.endsWith('/flood')) { response.on('drain', pump); pump(); }
	else {
		const timer = setInterval(() => response.write('data: one\\n\\n'), 20);
		response.on('close', () => { clearInterval(timer); console.log('the client left'); });
	}
});
const frame = (opcode, bytes) => Buffer.concat([Buffer.from([0x80 | opcode, bytes.length]), bytes]);
server.on('upgrade', (request, socket) => {
	const accept = createHash('sha1').update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
	socket.write('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: ' + accept + '\\r\\n\\r\\n');
	socket.on('error', () => {});
	socket.on('data', (bytes) => {
		const length = bytes[1] & 0x7f;
		const mask = bytes.subarray(2, 6);
		const payload = Buffer.from(bytes.subarray(6, 6 + length).map((byte, index) => byte ^ mask[index & 3]));
		if ((bytes[0] & 0x0f) === 8) {
			console.log('closed with ' + payload.readUInt16BE(0) + ' ' + payload.subarray(2));
			socket.end(frame(8, payload));
			return;
		}
		const [, code, reason] = /^close (\\d+) (.*)$/.exec(payload.toString()) ?? [];
		if (code === undefined) { socket.write(frame(1, payload)); return; }
		const status = Buffer.alloc(2);
		status.writeUInt16BE(Number(code));
		socket.write(frame(8, Buffer.concat([status, Buffer.from(reason)])));
	});
});
server.listen(8000, '127.0.0.1');
`;

interface Bed extends AsyncDisposable {
	readonly host: DeployedHost;
	/** Of the trigger, below the gateway's origin. */
	readonly path: string;
	/** Of the trigger's group. */
	readonly name: string;
}

async function bed(config: object): Promise<Bed> {
	const host = await DeployedHost.start();
	const client = new ControlClient(host.control);
	const zip = await zipOf({ bootstrap: 'exec node $RUNTIME_CODE_ROOT/app.mjs', 'app.mjs': FUNCTION });
	const code = { code_type: 'zip', code_filename: 'code.zip', func_code: { file: zip.toString('base64') } };
	const made = await client.create('talks', '', { ...code, ...config });
	assert.is(made.status, 200, JSON.stringify(made.body));
	const { host: name, path } = host.trigger(await client.trigger('talks', '/talk'));
	return { host, name, path, [Symbol.asyncDispose]: () => host[Symbol.asyncDispose]() };
}

function openSocket({ host, name, path }: Bed): WebSocket {
	const socket = new WebSocket(`${host.url.replace('http:', 'ws:')}${path}`, { headers: { Host: name } });
	socket.on('error', () => {});
	return socket;
}

const opened = (socket: WebSocket) => new Promise((resolve) => socket.once('open', resolve));
const message = (socket: WebSocket) =>
	new Promise((resolve) => socket.once('message', (text) => resolve(String(text))));
const closed = (socket: WebSocket) =>
	new Promise((resolve) => socket.once('close', (code, reason) => resolve([code, String(reason)])));

const test = suite('streams through a trigger');

test('E-170: a WebSocket opens through a trigger, and close codes and reasons arrive as either side sent them', async () => {
	await using the = await bed({ timeout: 30 });
	const first = openSocket(the);
	await opened(first);
	first.send('hello');
	assert.is(await message(first), 'hello');
	first.send('close 4001 no more');
	assert.equal(await closed(first), [4001, 'no more']);
	const second = openSocket(the);
	await opened(second);
	second.close(4002, 'enough');
	assert.equal(await closed(second), [4002, 'enough']);
	await the.host.running.output('closed with 4002 enough');
});

test('E-171: the function timeout ends a WebSocket of a trigger, and its client sees 1006', async () => {
	await using the = await bed({ timeout: 3 });
	const socket = openSocket(the);
	await opened(socket);
	assert.equal(await closed(socket), [1006, '']);
});

test('E-172: events flow through a trigger as they are written, and the function learns that its client has left', async () => {
	await using the = await bed({ timeout: 30, is_return_stream: true });
	const client = new Client(the.host.url);
	const response = await client.request({
		method: 'GET',
		path: `${the.path}/events`,
		headers: { host: the.name },
	});
	assert.match(String(response.headers['content-type']), /^text\/event-stream/);
	for await (const part of response.body) {
		assert.ok(String(part).startsWith('data: one\n\n'));
		break;
	}
	await client.destroy();
	await the.host.running.output('the client left');
});

test('E-173: a client that does not read its events holds up the function, and nothing piles up', async () => {
	await using the = await bed({ timeout: 30, is_return_stream: true });
	const client = new Client(the.host.url);
	const response = await client.request({
		method: 'GET',
		path: `${the.path}/flood`,
		headers: { host: the.name },
	});
	const { line } = await the.host.running.output('waiting after');
	// What the sockets on the way take, and no more of the 200 MB that a stream may have.
	assert.ok(Number(/\d+/.exec(String(line))?.[0]) * 64 * 1024 < 32 * 1024 * 1024, String(line));
	response.body.on('error', () => {});
	await client.destroy();
});

test.run();
