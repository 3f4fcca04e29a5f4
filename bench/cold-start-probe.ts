/** One request on an open connection, timed; bare starts; and the wait until a function has no instance. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { BareStart } from './cold-start-result.ts';

/** What a function sees of the search path, bare and served alike: the system's programs before those of whoever measures. */
export const SEARCH_PATH = `/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:${process.env.PATH ?? ''}`;
/** Functions of the benchmark bear it in their environment. */
export const MARK = 'httpfn-bench-cold';

const LEAVE_MS_MAX = 30_000;
const ANSWER_MS_MAX = 90_000;
/** For what a leaving instance leaves to do: a place made ready for the next one, say. */
const REST_MS = 150;

export interface Timed {
	/** From the request to the first byte of the answer. */
	readonly ms: number;
	readonly status: string;
}

export async function openConnection(port: number): Promise<Socket> {
	const socket = connect({ host: '127.0.0.1', port, noDelay: true });
	await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
	return socket;
}

/** Asks once and closes the connection. */
export function timeRequest(socket: Socket, path: string): Promise<Timed> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(
			() => socket.destroy(new Error(`no answer in ${ANSWER_MS_MAX} ms`)),
			ANSWER_MS_MAX,
		);
		socket.once('error', reject);
		socket.once('close', () => reject(new Error('the connection was closed before an answer')));
		socket.once('data', (part: Buffer) => {
			const ms = performance.now() - sentMs;
			clearTimeout(timer);
			socket.destroy();
			resolve({ ms, status: part.toString('latin1', 9, 12) });
		});
		const sentMs = performance.now();
		socket.write(`GET ${path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n`);
	});
}

/** @param pollMicros between two looks at the port: what it costs is taken from the bootstraps themselves */
export async function startBare(
	bare: string,
	folders: readonly string[],
	pollMicros: number,
): Promise<readonly BareStart[]> {
	const env = { PATH: SEARCH_PATH, LANG: 'C.UTF-8', HOME: '/tmp' };
	const child = spawn(bare, [String(pollMicros), ...folders], { env, stdio: ['ignore', 'pipe', 'pipe'] });
	let text = '';
	let errorText = '';
	child.stdout.setEncoding('utf8').on('data', (part: string) => {
		text += part;
	});
	child.stderr.setEncoding('utf8').on('data', (part: string) => {
		errorText = (errorText + part).slice(-2_000);
	});
	const ended = await new Promise<string>((resolve, reject) => {
		child.once('error', reject).once('close', (code, signal) => resolve(String(signal ?? code)));
	});
	if (ended !== '0') throw new Error(`the bare start ended with ${ended}: ${errorText}`);
	return JSON.parse(text) as BareStart[];
}

/** Resolves when no process of a function of the benchmark is left, and httpfn has had time to come to rest. */
export async function untilNoInstance(): Promise<void> {
	const untilMs = performance.now() + LEAVE_MS_MAX;
	while (instancePids().length > 0) {
		if (performance.now() > untilMs) throw new Error(`an instance is still there after ${LEAVE_MS_MAX} ms`);
		await delay(20);
	}
	await delay(REST_MS);
}

/** Ends of the files named stderr… in a folder. */
export function lastWords(folder: string): string {
	const names = readdirSync(folder).filter((name) => name.startsWith('stderr'));
	return names.map((name) => readFileSync(join(folder, name), 'utf8').slice(-1_000)).join('\n');
}

/** Of functions of the benchmark. */
export function instancePids(): number[] {
	const found = readdirSync('/proc').filter((name) => {
		if (!/^\d+$/.test(name)) return false;
		try {
			return readFileSync(`/proc/${name}/environ`, 'latin1').includes(`RUNTIME_FUNC_NAME=${MARK}`);
		} catch {
			return false;
		}
	});
	return found.map(Number);
}
