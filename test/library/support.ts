/** What tests of runtimes look at and connect to. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Runtime } from '../../src/library/runtime.ts';
import { environmentValue } from '../../src/process/process-table.ts';
import { ByteSocket } from '../harness/byte-socket.ts';

/** Of a promise that is to reject. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
	const failure = await promise.then(
		() => null,
		(error: { code?: string }) => error,
	);
	return String(failure?.code);
}

/** The first line of a program. */
export async function said({ stdout }: ChildProcess): Promise<string> {
	if (stdout === null) throw new Error('a pipe was asked for');
	const [text] = (await once(stdout.setEncoding('utf8'), 'data')) as [string];
	return text.trim();
}

/** Processes of instances of the program with this pid. */
export function markedProcesses(owner: number): string[] {
	const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
	return pids.filter((pid) => environmentValue(Number(pid), 'HTTPFN_INSTANCE')?.startsWith(`${owner}.`));
}

/** A server that hands every upgrade over. */
export async function upgradeServer(runtime: Runtime) {
	const server = createServer((_, response) => response.end('of the host'));
	server.on('upgrade', runtime.handleUpgrade);
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	const clients: ByteSocket[] = [];
	return {
		async client(path: string, ...lines: string[]): Promise<ByteSocket> {
			const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
			const client = new ByteSocket(socket);
			clients.push(client);
			const head = [`GET ${path} HTTP/1.1`, 'Host: a', 'Connection: Upgrade', 'Upgrade: websocket', ...lines];
			await client.send(`${head.join('\r\n')}\r\n\r\n`);
			return client;
		},
		async [Symbol.asyncDispose]() {
			for (const client of clients) await client[Symbol.asyncDispose]();
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
