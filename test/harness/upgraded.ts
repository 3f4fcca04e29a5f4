/** A running httpfn that another takes over from; the test ends the one that serves in the end. */
import { readdirSync, readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { type Finished, type RunningFunction, runBinary } from './binary.ts';
import { until } from './until.ts';

export interface Upgraded {
	readonly ok: boolean;
	readonly from: string;
	readonly to: string;
	readonly pid: number;
	readonly previousPid: number;
	readonly previous: string | null;
}

export const binaryPath = (): string => process.env.HTTPFN_BINARY ?? '';

/** `httpfn upgrade FILE`, whatever comes of it. */
export function askUpgrade(pid: number, argv: readonly string[] = []): Promise<Finished> {
	return runBinary(['upgrade', binaryPath(), '--no-replace', '--pid', `${pid}`, '--json', ...argv]);
}

/** To the same executable; what it says. */
export async function upgrade(pid: number, argv: readonly string[] = []): Promise<Upgraded> {
	const done = await askUpgrade(pid, argv);
	assert.is(done.code, 0, done.stderr);
	return JSON.parse(done.stdout) as Upgraded;
}

/** Ends the process that has the output of `running` now, and waits until nobody has. */
export function servedBy(running: RunningFunction): { pid: number } & AsyncDisposable {
	return {
		pid: running.pid,
		async [Symbol.asyncDispose]() {
			signal(this.pid, 'SIGTERM');
			const overdue = setTimeout(() => signal(this.pid, 'SIGKILL'), 15_000);
			await until(`process ${this.pid} has ended`, () => (isThere(this.pid) ? null : true));
			clearTimeout(overdue);
			await running.exited;
		},
	};
}

export function isThere(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

function signal(pid: number, name: NodeJS.Signals): void {
	try {
		process.kill(pid, name);
	} catch {
		// It has ended.
	}
}

/** The process that is to take over from another, by what it is told; one that has not become a program yet looks like its parent. */
export function successorOf(pid: number): number | null {
	for (const entry of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
		try {
			const stat = readFileSync(`/proc/${entry}/stat`, 'latin1');
			if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) !== pid) continue;
			if (readFileSync(`/proc/${entry}/environ`, 'latin1').includes('_HTTPFN_HANDOVER='))
				return Number(entry);
		} catch {
			// It has ended.
		}
	}
	return null;
}
