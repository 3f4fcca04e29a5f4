/** The result of `npm run bench -- runtimes` as Markdown, ready for docs/benchmarks.md. */

import { median } from '../src/bench/statistics.ts';
import { cpuMicros, cpuRatio, ratioText } from './cpu-ratio.ts';
import { type Machine, machineText } from './machine.ts';
import { markdownTable } from './markdown-table.ts';
import type { Runtime } from './runtime.ts';
import type { RuntimesOptions } from './runtimes-options.ts';
import type { RuntimeResult } from './task.ts';

export interface RuntimeRound extends RuntimeResult {
	/** Counts from 1; the runtimes of one round ran right after one another. */
	readonly round: number;
	readonly runtime: string;
}

/** Everything one run has found: what --json writes. */
export interface RuntimesResult {
	readonly machine: Machine;
	readonly options: RuntimesOptions;
	readonly runtimes: readonly Runtime[];
	readonly rounds: readonly RuntimeRound[];
	/** What makes the figures worthless; empty in an honest run. */
	readonly problems: readonly string[];
}

/** What the others are a multiple of: no runtime at all. */
const BARE = 'node';
const HEAD = ['runtime', 'CPU µs / request', 'of bare node', 'requests / s', 'p99 ms', 'peak RSS MB'];

export function runtimesReport(result: RuntimesResult): string {
	const { machine, options, runtimes, rounds, problems } = result;
	const bare = rounds.filter(({ runtime }) => runtime === BARE);
	const rows = runtimes.map(({ name }) => {
		const own = rounds.filter(({ runtime }) => runtime === name);
		const middle = (value: (round: RuntimeRound) => number): number => median(own.map(value));
		return [
			name,
			middle(cpuMicros).toFixed(1),
			ratioText(cpuRatio(own, bare)),
			Math.round(middle(({ requests, seconds }) => requests / seconds)).toLocaleString('en-US'),
			middle(({ p99Ms }) => p99Ms).toFixed(2),
			((middle(({ peakRssKib }) => peakRssKib) * 1024) / 1e6).toFixed(0),
			middle(({ firstAnswerMs }) => firstAnswerMs).toFixed(0),
		];
	});
	const raw = runtimes.map(({ name }) => {
		const own = rounds.filter(({ runtime }) => runtime === name);
		const figures = (value: (round: RuntimeRound) => number, places: number): string =>
			own.map((round) => value(round).toFixed(places)).join(' ');
		return [name, figures(cpuMicros, 1), figures(({ firstAnswerMs }) => firstAnswerMs, 0)];
	});
	return `${machineText(machine)}
${runtimes.map(({ name, version }) => `${name}: ${version}`).join('; ')}.
${options.rounds} rounds of ${options.seconds} s after ${options.warmUpSeconds} s of warm-up, the runtimes in turn, fresh processes each time.

### A function that answers 48 bytes, 64 connections

${markdownTable([...HEAD, 'exec to first answer ms'], rows)}
### Raw rounds

${markdownTable(['runtime', 'CPU µs a request', 'exec to first answer ms'], raw)}
${problems.map((problem) => `- **Not to be used:** ${problem}\n`).join('')}`.trimEnd();
}
