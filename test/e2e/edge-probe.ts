/** An edge function that tells what it finds itself in, and what a test asks of zygotes. */
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { RunningFunction } from '../harness/binary.ts';
import { exchange } from '../harness/exchange.ts';
import type { FunctionFolder } from '../harness/function-folder.ts';
import { commandOf, descendantsOf, type KnownProcess } from '../harness/process-tree.ts';
import { until } from '../harness/until.ts';

/** What the function tells of itself. */
export interface EdgeFacts {
	/** Of the module: another one in each instance. */
	readonly instance: string;
	readonly uid: number;
	readonly gid: number;
	readonly folder: string;
	/** Its command line, without what runs it; paths without what differs from one httpfn to another. */
	readonly words: readonly string[];
	/** Names and values, sorted. */
	readonly environment: readonly string[];
	/** The same, as a program that it started sees it. */
	readonly inherited: readonly string[];
	/** What the kernel shows of the environment that its process began with. */
	readonly initial: readonly string[];
	/** What its descriptors lead to, without numbers, sorted. */
	readonly descriptors: readonly string[];
	/** Descriptors of a program that it started. */
	readonly childDescriptors: readonly string[];
	readonly input: string;
	/** Of the first moment of 1970, where the function is. */
	readonly hour: string;
}

const SOURCE = `
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
const instance = crypto.randomUUID();
const held = [];
const kindOf = (path) => { try { return readlinkSync(path).replace(/:\\[.*/, ''); } catch { return null; } };
const lines = (text) => text.split('\\0').filter((line) => line !== '').sort();
const facts = () => ({
	instance,
	uid: process.getuid(),
	gid: process.getgid(),
	folder: process.cwd(),
	words: process.argv.slice(2).map((word) => word.replace(/.*\\//, '')),
	environment: Object.entries(process.env).map((pair) => pair.join('=')).sort(),
	inherited: lines(execFileSync('/usr/bin/env', ['-0'], { encoding: 'utf8' })),
	initial: lines(readFileSync('/proc/self/environ', 'utf8')),
	descriptors: readdirSync('/proc/self/fd').map((fd) => kindOf('/proc/self/fd/' + fd)).filter((kind) => kind !== null).sort(),
	childDescriptors: execFileSync('/bin/sh', ['-c', 'for fd in /proc/$$/fd/*; do echo "\${fd##*/} $(readlink $fd)"; done'], { encoding: 'utf8', stdio: ['inherit', 'pipe', 'inherit'] }).trim().split('\\n').filter((line) => !line.includes('/proc/')),
	input: readFileSync(0, 'utf8'),
	hour: String(new Date(0).getHours()).padStart(2, '0'),
});
export default {
	async fetch(request) {
		const { pathname, searchParams } = new URL(request.url);
		if (pathname === '/facts') return Response.json(facts());
		if (pathname === '/spin') setInterval(() => { for (const end = Date.now() + 5; Date.now() < end; ); }, 10);
		if (pathname === '/wait') await new Promise((resolve) => setTimeout(resolve, Number(searchParams.get('ms'))));
		if (pathname === '/hog') for (;;) { held.push(Buffer.alloc(16 * 1024 * 1024, 1)); await new Promise(setImmediate); }
		return Response.json({ instance });
	},
};
`;

/** A folder of its own, which every user may read. */
export async function edgeFunction(): Promise<FunctionFolder> {
	const path = await mkdtemp(join(tmpdir(), 'httpfn-edge-'));
	await chmod(path, 0o755);
	await writeFile(join(path, 'index.mjs'), SOURCE, { mode: 0o644 });
	return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export async function factsOf(running: RunningFunction): Promise<EdgeFacts> {
	const answer = await exchange(running.url, { target: '/facts' });
	assert.is(answer.status, 200, answer.text);
	return answer.json as EdgeFacts;
}

/** Which instance answers. */
export async function instanceOf(running: RunningFunction, target = '/'): Promise<string> {
	const answer = await exchange(running.url, { target });
	assert.is(answer.status, 200, answer.text);
	return (answer.json as EdgeFacts).instance;
}

/** The processes of instances that have become ready, as the host numbers them, once there are so many: the log may come after an answer. */
export async function readyPids(running: RunningFunction, count = 1): Promise<readonly number[]> {
	return await until(`${count} are ready`, () => {
		const ready = running.records.filter(({ message }) => message === 'the function is ready');
		return ready.length < count ? null : ready.map(({ pid }) => Number(pid)).sort((a, b) => a - b);
	});
}

/** Engines that wait for a function, and those that have one since. */
export function zygotesOf(running: RunningFunction): KnownProcess[] {
	return descendantsOf(running.pid).filter(({ pid }) => commandOf(pid).includes('edge-host --wait'));
}

/**
 * Resolves with the process ids of engines once `count` of them have loaded, and httpfn has had time to hear of it: they wait for bytes
 * of a pipe.
 */
export async function untilWaiting(running: RunningFunction, count = 1): Promise<readonly number[]> {
	let [last, looks] = ['', 0];
	return await until(`${count} engines wait`, () => {
		const waiting = zygotesOf(running)
			.map(({ pid }) => pid)
			.filter(waitsOnPipe)
			.sort((a, b) => a - b);
		looks = waiting.join() === last ? looks + 1 : 0;
		last = waiting.join();
		return waiting.length >= count && looks >= STILL_LOOKS ? waiting : null;
	});
}

/** Between two looks are 20 ms. */
const STILL_LOOKS = 5;

function waitsOnPipe(pid: number): boolean {
	try {
		return /pipe/.test(readFileSync(`/proc/${pid}/wchan`, 'latin1'));
	} catch {
		return false;
	}
}
