/** The result as Markdown, ready for docs/benchmarks.md. */

import { median, quantile } from '../src/bench/statistics.ts';
import { addedBy } from './cold-start-arithmetic.ts';
import { BURST_REQUESTS, CROWD_FUNCTIONS } from './cold-start-crowds.ts';
import type { ColdRounds, ColdStartResult, CrowdKind, ThawRounds } from './cold-start-result.ts';
import { machineText } from './machine.ts';

/** Milliseconds that httpfn may add to the bootstrap's own time from exec to listening. */
const ADDED_MS_MAX = { median: 3, p99: 10 } as const;
/** Milliseconds that a request may take longer because its instance is frozen, at the median. */
const THAW_MS_MAX = 1;

export function coldStartReport(result: ColdStartResult): string {
	return [
		machineLines(result),
		coldTable(result),
		crowdTable(result, 'functions', `${CROWD_FUNCTIONS} functions started at once`),
		crowdTable(result, 'burst', `A burst of ${BURST_REQUESTS} requests, one at a time an instance`),
		thawTable(result),
		targetTable(result),
		result.problems.map((problem) => `- **Not to be used:** ${problem}\n`).join(''),
	]
		.filter((part) => part !== '')
		.join('\n')
		.trimEnd();
}

function machineLines({ machine, options }: ColdStartResult): string {
	const { wrk: _unused, ...versions } = machine.versions;
	const texts = Object.entries(versions).map(([name, text]) => `${name}: ${text}`);
	return `${machineText(machine)}
${texts.join('; ')}.
${options.rounds} cold starts of each kind, in turn with bare ones; the first of each is not counted.
`;
}

function coldTable({ rounds }: ColdStartResult): string {
	const rows = rounds.map((round) => {
		const listenMs = round.bare.map((bare) => bare.listenMs);
		const firstByteMs = round.bare.map((bare) => bare.firstByteMs);
		const overListening = addedBy(round.coldMs, listenMs);
		const overAnswer = addedBy(round.coldMs, firstByteMs);
		return [
			round.function,
			`${round.peer}, ${round.isolation}`,
			`${figure(median(listenMs))} / ${figure(quantile(listenMs, 0.99))}`,
			figure(median(firstByteMs)),
			`${figure(median(round.coldMs))} / ${figure(quantile(round.coldMs, 0.99))}`,
			spread(overListening),
			figure(overListening.p99Ms),
			spread(overAnswer),
		];
	});
	const head = [
		...[
			'function',
			'httpfn',
			'bare: listening, p50 / p99',
			'bare: first byte',
			'through httpfn: first byte, p50 / p99',
		],
		...['added to listening, p50 (95%)', 'p99 less p99', 'added to the bare first byte (95%)'],
	];
	return `### A cold start, milliseconds\n\n${table(head, rows)}`;
}

function crowdTable({ crowds }: ColdStartResult, kind: CrowdKind, title: string): string {
	const own = crowds.filter((crowd) => crowd.kind === kind);
	if (own.length === 0) return '';
	const names = [...new Set(own.map((crowd) => `${crowd.function}\t${crowd.peer}`))];
	const rows = names.map((name) => {
		const [fn = '', peer = ''] = name.split('\t');
		const rounds = own.filter((crowd) => crowd.function === fn && crowd.peer === peer);
		const requests = rounds.flatMap(({ requestMs }) => requestMs);
		const bare = rounds.flatMap(({ bareMs }) => bareMs);
		return [
			...[fn, peer],
			figure(median(rounds.map(({ wallMs }) => wallMs))),
			`${figure(median(requests))} / ${figure(quantile(requests, 0.99))}`,
			figure(median(rounds.map(({ bareWallMs }) => bareWallMs))),
			`${figure(median(bare))} / ${figure(quantile(bare, 0.99))}`,
		];
	});
	const head = [
		...['function', 'httpfn', 'all answered, ms', 'one request, p50 / p99'],
		...['as many bare: all answered', 'one, p50 / p99'],
	];
	return `### ${title}\n\n${table(head, rows)}`;
}

function thawTable({ thaws }: ColdStartResult): string {
	if (thaws.length === 0) return '';
	const rows = thaws.map((round) => {
		const { function: fn, peer, isolation, frozenMs, runningMs } = round;
		const added = addedBy(frozenMs, runningMs);
		return [
			...[fn, `${peer}, ${isolation}`],
			...[runningMs, frozenMs].map((ms) => `${fine(median(ms))} / ${fine(quantile(ms, 0.99))}`),
			`${fine(added.medianMs)} (${fine(added.lowMs)} to ${fine(added.highMs)})`,
			fine(added.p99Ms),
		];
	});
	const head = [
		...['function', 'httpfn', 'running: first byte, p50 / p99', 'frozen: first byte, p50 / p99'],
		...['added by the thaw, p50 (95%)', 'p99 less p99'],
	];
	return `### A request to a frozen instance, milliseconds\n\n${table(head, rows)}`;
}

function targetTable({ rounds, thaws, flagship }: ColdStartResult): string {
	const ofFlagship = ({ peer }: { readonly peer: string }): boolean => peer === flagship;
	const rows = [
		...rounds.filter(ofFlagship).flatMap(targetRows),
		...thaws.filter(ofFlagship).map(thawTargetRow),
	];
	if (rows.length === 0) return '';
	return `### Targets of the flagship\n\n${table(['what', 'at most', 'found', ''], rows)}`;
}

function targetRows(round: ColdRounds): string[][] {
	const added = addedBy(
		round.coldMs,
		round.bare.map(({ listenMs }) => listenMs),
	);
	const name = `added to listening, ${round.function}, ${round.isolation}`;
	return [
		targetRow(`${name}, median`, ADDED_MS_MAX.median, added.medianMs, figure),
		targetRow(`${name}, p99`, ADDED_MS_MAX.p99, added.p99Ms, figure),
	];
}

function thawTargetRow({ function: fn, isolation, frozenMs, runningMs }: ThawRounds): string[] {
	const { medianMs } = addedBy(frozenMs, runningMs);
	return targetRow(`added by the thaw, ${fn}, ${isolation}, median`, THAW_MS_MAX, medianMs, fine);
}

function targetRow(what: string, wanted: number, found: number, text: (ms: number) => string): string[] {
	const verdict = found <= wanted ? 'met' : `missed by ${text(found - wanted)} ms`;
	return [what, `${wanted} ms`, `${text(found)} ms`, verdict];
}

function spread({ medianMs, lowMs, highMs }: ReturnType<typeof addedBy>): string {
	return `${figure(medianMs)} (${figure(lowMs)} to ${figure(highMs)})`;
}

function figure(ms: number): string {
	return ms.toFixed(1);
}

function fine(ms: number): string {
	return ms.toFixed(2);
}

function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
	const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
	return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}
