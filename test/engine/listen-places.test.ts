import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ConnectionHandler } from '../../src/engine/connection.ts';
import type { Listener } from '../../src/engine/listener.ts';
import { listen } from '../../src/engine/sockets.ts';

const test = suite<{ folder: string; listeners: Listener[] }>('places to listen on');

test.before.each((context) => {
	context.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'httpfn-listen-'));
	context.listeners = [];
});
test.after.each(async ({ folder, listeners }) => {
	for (const listener of listeners) await listener.close();
	fs.rmSync(folder, { recursive: true });
});

const GREETING: ConnectionHandler = { onData() {}, onDrain() {}, onEnd() {}, onClose() {} };

/** Says on every connection what the peer's address is. */
async function greet(at: Parameters<typeof listen>[0]['at']): Promise<Listener> {
	return await listen({ at, backlog: 16 }, (connection) => {
		connection.write(Buffer.from(`address "${connection.remoteAddress}"`));
		connection.end();
		return GREETING;
	});
}

function hear(options: net.NetConnectOpts): Promise<string> {
	return new Promise((resolve, reject) => {
		let text = '';
		const socket = net.connect(options);
		socket.on('data', (bytes: Buffer) => {
			text += bytes.toString();
		});
		socket.on('error', reject);
		socket.on('close', () => resolve(text));
	});
}

function codeOf(promise: Promise<unknown>): Promise<unknown> {
	return promise.then(
		() => 'no error',
		(error: NodeJS.ErrnoException) => error.code,
	);
}

test('G-84: a Unix socket is there for owner and group, and gone when the listener is closed', async ({
	folder,
	listeners,
}) => {
	const file = path.join(folder, 'gateway.sock');
	const listener = await greet({ kind: 'unix', path: file });
	listeners.push(listener);
	assert.equal(listener.place, { kind: 'unix', path: file });
	assert.is(fs.statSync(file).mode & 0o777, 0o660);
	assert.is(await hear({ path: file }), 'address ""');
	await listener.close();
	await listener.close();
	assert.is(fs.existsSync(file), false);
});

test('G-84: a socket that nobody listens on any more is replaced, a live one and any other file are refused', async ({
	folder,
	listeners,
}) => {
	const file = path.join(folder, 'gateway.sock');
	const before = net.createServer();
	await new Promise<void>((resolve) => before.listen(path.join(folder, 'before'), resolve));
	// What a killed process leaves behind.
	fs.linkSync(path.join(folder, 'before'), file);
	assert.is(await codeOf(greet({ kind: 'unix', path: file })), 'EADDRINUSE');
	await new Promise((resolve) => before.close(resolve));
	listeners.push(await greet({ kind: 'unix', path: file }));
	assert.is(await hear({ path: file }), 'address ""');
	const other = path.join(folder, 'notes.txt');
	fs.writeFileSync(other, 'kept');
	assert.is(await codeOf(greet({ kind: 'unix', path: other })), 'EEXIST');
	assert.is(fs.readFileSync(other, 'utf8'), 'kept');
});

test.run();
