import { closeSync, openSync, readdirSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RuntimeError } from '../../src/contract/errors.ts';
import { type Libc, libc } from '../../src/engine/libc.ts';
import { WorkerLink } from '../../src/workers/worker-link.ts';

const test = suite('WorkerLink');

const SYS_PRLIMIT64 = process.arch === 'arm64' ? 261 : 302;
const RLIMIT_NOFILE = 7;
const SPEC = { command: '/nowhere/httpfn', args: [], cwd: '/', environment: {} };

/** Lets this process open so many more descriptors, and answers how that ends. */
function limitDescriptors(calls: Libc, more: number): () => void {
	const before = Buffer.alloc(16);
	assert.is(calls.syscall(SYS_PRLIMIT64, 0, RLIMIT_NOFILE, 0, calls.address(before), 0), 0);
	const now = Buffer.from(before);
	// The limit is above the highest number, so there must be no gap below it.
	const filled: number[] = [];
	const highest = Math.max(...openDescriptors());
	for (let last = 0; last <= highest; filled.push(last)) last = openSync('/dev/null', 'r');
	now.writeBigUInt64LE(BigInt((filled.at(-1) ?? 0) + 1 + more));
	assert.is(calls.syscall(SYS_PRLIMIT64, 0, RLIMIT_NOFILE, calls.address(now), 0, 0), 0);
	return () => {
		assert.is(calls.syscall(SYS_PRLIMIT64, 0, RLIMIT_NOFILE, calls.address(before), 0, 0), 0);
		for (const descriptor of filled) closeSync(descriptor);
	};
}

function openDescriptors(): readonly number[] {
	return readdirSync('/proc/self/fd').map(Number);
}

function start(): Promise<unknown> {
	const listener = { onMessage() {}, onFault() {} };
	return WorkerLink.start(0, SPEC, 2, listener).catch((error: unknown) => error);
}

test('R-27: a worker that can not be started leaves no descriptor, wherever its start ends', async () => {
	const calls = libc();
	// What the engine opens for itself the first time.
	await start();
	const before = openDescriptors();
	for (let more = 0; more < 6; more++) {
		const unlimit = calls === null ? () => {} : limitDescriptors(calls, more);
		const failure = await start();
		unlimit();
		assert.is(failure instanceof RuntimeError ? failure.code : failure, 'ERR_SPAWN_FAILED');
		assert.equal(openDescriptors(), before);
	}
});

test.run();
