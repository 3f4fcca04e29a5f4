/** One test file in a process group and a network of its own, with a deadline, and nothing left of it afterwards. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from '../repository.ts';
import { judge, type Verdict } from './judge.ts';

const DEADLINE_MS = 240_000;
/** How long a process that was told to end may take. */
const LEAVE_MS_MAX = 1_000;
const OUTPUT_CHARACTERS_MAX = 200_000;

const HOST_NETWORK = readlinkSync('/proc/self/ns/net');

export interface TestRun {
	readonly file: string;
	/** The engine, or the executable under test. */
	readonly label: string;
	readonly argv: readonly string[];
	readonly environment: Readonly<Record<string, string>>;
}

export interface TestResult extends Verdict {
	readonly run: TestRun;
	readonly output: string;
	readonly durationMs: number;
}

interface Started {
	readonly child: ChildProcess;
	/** Empty until the process has told. */
	network: string;
	/** Keeps the network while it is asked who is in it: the next test would get its number. Null until the process has told. */
	descriptor: number | null;
}

const running = new Set<Started>();

/** `prefix` is what `ownNetwork` returned. */
export async function runFile(
	run: TestRun,
	prefix: readonly string[],
	deadlineMs: number = DEADLINE_MS,
): Promise<TestResult> {
	const startedAtMs = performance.now();
	const [program = '', ...rest] = [...prefix, ...run.argv];
	const child = spawn(program, rest, {
		cwd: ROOT,
		detached: true,
		stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
		env: { ...process.env, NO_COLOR: '1', ...run.environment },
	});
	const started: Started = { child, network: '', descriptor: null };
	running.add(started);
	let output = '';
	const collect = (text: string): void => {
		output = (output + text).slice(-OUTPUT_CHARACTERS_MAX);
	};
	child.stdout?.setEncoding('utf8').on('data', collect);
	child.stderr?.setEncoding('utf8').on('data', collect);
	child.stdio[3]?.on('data', (bytes: Buffer) => {
		started.network += bytes;
		started.descriptor ??= openNetwork(child.pid);
	});
	let overdue = false;
	const deadline = setTimeout(() => {
		overdue = true;
		killAll(started);
	}, deadlineMs);
	const closed = once(child, 'close');
	const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
	clearTimeout(deadline);
	const left = overdue ? [] : await leftBehind(started.network);
	killAll(started);
	if (started.descriptor !== null) closeSync(started.descriptor);
	await closed;
	running.delete(started);
	const reasons: string[] = [];
	if (overdue) reasons.push(`did not end within ${deadlineMs / 1000} s and was killed`);
	if (left.length > 0) reasons.push(`left processes behind: ${left.join('; ')}`);
	const verdict = judge(output, code, signal, reasons);
	return { ...verdict, run, output, durationMs: performance.now() - startedAtMs };
}

/** Ends every test that is under way, as on Ctrl-C. */
export function killRunning(): void {
	for (const started of running) killAll(started);
}

/** A function has a process group of its own, so the group of the test is not all of it; its network is. */
function killAll({ child, network }: Started): void {
	if (child.pid !== undefined) kill(-child.pid);
	for (const pid of processesIn(network)) kill(pid);
}

function kill(pid: number): void {
	try {
		process.kill(pid, 'SIGKILL');
	} catch {
		// It has ended by itself.
	}
}

/** The command lines of processes that outlive the test. */
async function leftBehind(network: string): Promise<readonly string[]> {
	const untilMs = performance.now() + LEAVE_MS_MAX;
	let pids = processesIn(network);
	while (pids.length > 0 && performance.now() < untilMs) {
		await delay(20);
		pids = processesIn(network);
	}
	return pids.map(commandLine).filter((text) => text !== '');
}

function processesIn(network: string): readonly number[] {
	const wanted = network.trim();
	if (wanted === '' || wanted === HOST_NETWORK) return [];
	const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
	return pids.filter((pid) => networkOf(pid) === wanted).map(Number);
}

/** Null where the process is gone already. */
function openNetwork(pid: number | undefined): number | null {
	try {
		return openSync(`/proc/${pid}/ns/net`, 'r');
	} catch {
		return null;
	}
}

function networkOf(pid: string): string | null {
	try {
		return readlinkSync(`/proc/${pid}/ns/net`);
	} catch {
		return null;
	}
}

function commandLine(pid: number): string {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
	} catch {
		return '';
	}
}
