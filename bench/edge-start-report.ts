/** The result as Markdown, ready for docs/benchmarks.md. */
import { median, medianInterval, quantile } from '../src/bench/statistics.ts';
import type { EdgeStartOptions } from './edge-start-options.ts';
import type { EdgeStartTaskResult } from './edge-start-task.ts';
import { type Machine, machineText } from './machine.ts';
import { markdownTable } from './markdown-table.ts';
import type { Runtime } from './runtime.ts';

/** Everything one run has found: what --json writes. */
export interface EdgeStartResult {
	readonly machine: Machine;
	readonly options: EdgeStartOptions;
	readonly runtimes: readonly Runtime[];
	/** Null where it is not among the runtimes. */
	readonly flagship: string | null;
	readonly rounds: readonly EdgeStartTaskResult[];
	/** What makes the figures worthless; empty in an honest run. */
	readonly problems: readonly string[];
}

/** Milliseconds from a request to the first byte, at the median. */
const START_MS_MAX = 10;
/** Outside the interval at either end: it holds 95%. */
const TAIL = 0.025;
const HEAD = ['runtime', 'from', 'to the first byte, ms, p50 (95%)', 'p90', 'raw rounds'];

export function edgeStartReport({ machine, options, ...result }: EdgeStartResult): string {
	const { runtimes, rounds, problems } = result;
	const rows = rounds.map(({ runtime, isolation, ms }) => {
		const { estimate, low, high } = medianInterval(ms, TAIL);
		return [
			isolation === null ? runtime : `${runtime}, ${isolation}`,
			isolation === null ? 'exec' : 'the request',
			`${estimate.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`,
			quantile(ms, 0.9).toFixed(1),
			ms.map((value) => value.toFixed(1)).join(' '),
		];
	});
	return `${machineText(machine)}
${runtimes.map(({ name, version }) => `${name}: ${version}`).join('; ')}.
${options.rounds} starts of each, in turn; the first of each is not counted.

### A fetch handler that answers 48 bytes, from nothing

${markdownTable(HEAD, rows)}
${targetTable(result)}${problems.map((problem) => `- **Not to be used:** ${problem}\n`).join('')}`.trimEnd();
}

function targetTable({ flagship, rounds }: Pick<EdgeStartResult, 'flagship' | 'rounds'>): string {
	const own = rounds.filter(({ runtime, isolation }) => runtime === flagship && isolation !== null);
	if (own.length === 0) return '';
	const rows = own.map(({ isolation, ms }) => {
		const found = median(ms);
		const verdict = found <= START_MS_MAX ? 'met' : `missed by ${(found - START_MS_MAX).toFixed(1)} ms`;
		return [`${isolation}, median`, `${START_MS_MAX} ms`, `${found.toFixed(1)} ms`, verdict];
	});
	return `### Targets of the flagship\n\n${markdownTable(['what', 'at most', 'found', ''], rows)}\n`;
}
