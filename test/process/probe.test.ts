import { readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Probe } from '../../src/process/probe.ts';
import { awaitReadiness, type Readiness } from '../../src/process/readiness.ts';

const test = suite('probe');

async function serve(
	onConnection: (socket: net.Socket) => void,
): Promise<{ server: net.Server; port: number }> {
	const server = net.createServer(onConnection);
	await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
	return { server, port: (server.address() as net.AddressInfo).port };
}

function ready(port: number): Promise<Readiness> {
	const { signal } = new AbortController();
	return awaitReadiness({ host: '127.0.0.1', port, timeoutMs: 5_000, signal });
}

test('Z-11: a function that tells that it listens is tried then, not when the next try is due', async () => {
	const before = await serve(() => {});
	await new Promise<void>((resolve) => before.server.close(() => resolve()));
	const { port } = before;
	const told = Promise.withResolvers<void>();
	const { signal } = new AbortController();
	const options = { host: '127.0.0.1', port, timeoutMs: 20_000, stepMs: 60_000, signal };
	const readiness = awaitReadiness({ ...options, listening: told.promise });
	// A later attempt is refused later.
	await new Promise((resolve) => net.connect(port, '127.0.0.1').once('error', resolve));
	const server = net.createServer((socket) => socket.resume().on('error', () => {}));
	await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port }, resolve));
	told.resolve();
	const outcome = await readiness;
	assert.is(outcome.kind, 'ready');
	if (outcome.kind === 'ready') outcome.connection?.destroy();
	server.close();
});

test('S-7: a connection that is not taken in time is closed', async () => {
	const closed = Promise.withResolvers<void>();
	const { server, port } = await serve((socket) => {
		socket.on('close', () => closed.resolve());
		socket.resume();
	});
	const readiness = await ready(port);
	if (readiness.kind !== 'ready' || readiness.connection === null) return assert.unreachable();
	const probe = new Probe(readiness.connection, 1);
	// The expiry does not keep a process alive; the server does.
	await closed.promise;
	assert.is(probe.take(), null);
	server.close();
});

test('S-7: a connection on which the function spoke first is not handed out', async () => {
	const closed = Promise.withResolvers<void>();
	const { server, port } = await serve((socket) => {
		socket.on('close', () => closed.resolve());
		socket.on('error', () => {});
		socket.resume();
		socket.write('220 mail server\r\n');
	});
	const readiness = await ready(port);
	if (readiness.kind !== 'ready') return assert.unreachable();
	// It may have spoken before readiness was known, or after.
	const probe = readiness.connection === null ? null : new Probe(readiness.connection, 60_000);
	await closed.promise;
	assert.is(probe?.take() ?? null, null);
	server.close();
});

test('S-6: readiness waits for a port that opens later, and gives up when told or when time is over', async () => {
	const { server, port } = await serve((socket) => socket.resume());
	await new Promise((resolve) => server.close(resolve));
	const late = ready(port);
	setImmediate(() => server.listen({ host: '127.0.0.1', port }));
	const readiness = await late;
	assert.is(readiness.kind, 'ready');
	if (readiness.kind === 'ready') readiness.connection?.destroy();
	await new Promise((resolve) => server.close(resolve));
	const options = { host: '127.0.0.1', port, timeoutMs: 30 };
	assert.is((await awaitReadiness({ ...options, signal: new AbortController().signal })).kind, 'timeout');
	assert.is((await awaitReadiness({ ...options, signal: AbortSignal.abort() })).kind, 'aborted');
	const abort = new AbortController();
	const waiting = awaitReadiness({ ...options, timeoutMs: 60_000, signal: abort.signal });
	abort.abort();
	assert.is((await waiting).kind, 'aborted');
});

test('S-33: a connection that met itself is not taken for a function that listens', async () => {
	const path = '/proc/sys/net/ipv4/ip_local_port_range';
	const usual = readFileSync(path, 'latin1');
	try {
		// Only inside a network namespace of its own, and as root; elsewhere there is nothing to see.
		writeFileSync(path, '8000 8003');
	} catch {
		return;
	}
	const { signal } = new AbortController();
	const readiness = await awaitReadiness({ host: '127.0.0.1', port: 8000, timeoutMs: 300, signal });
	writeFileSync(path, usual);
	assert.is(readiness.kind, 'timeout');
});

test.run();
