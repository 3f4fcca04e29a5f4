/**
 * The program of one round: a fresh process that times some cases of one suite, each right beside the reference work, and prints
 * what a run of each takes as JSON. Its argument is a RoundTask in JSON.
 */
import { Bench } from 'tinybench';
import { IN_PROCESS_SUITES, type InProcessName } from './in-process-suites.ts';
import { referenceWork } from './reference-work.ts';

export interface RoundTask {
	readonly suite: InProcessName;
	/** Only cases whose name has this text. */
	readonly only: string;
	/** For each case, and as many for the reference beside it. */
	readonly milliseconds: number;
	/** The last case first. */
	readonly reversed: boolean;
}

export interface RoundRow {
	readonly name: string;
	/** Of one run of the case, and of the reference work: medians of the round. */
	readonly runMs: number;
	readonly referenceMs: number;
}

const REFERENCE = 'the reference work';

const { suite, only, milliseconds, reversed } = JSON.parse(process.argv[2] ?? '') as RoundTask;
const cases = IN_PROCESS_SUITES[suite].cases().filter(({ name }) => name.includes(only));
const rows: RoundRow[] = [];
for (const { name, run } of reversed ? cases.toReversed() : cases) {
	const bench = new Bench({
		time: milliseconds,
		warmupTime: milliseconds,
		throws: true,
	});
	bench.add(REFERENCE, referenceWork).add(name, run);
	await bench.run();
	rows.push({ name, runMs: runOf(bench, name), referenceMs: runOf(bench, REFERENCE) });
}
process.stdout.write(JSON.stringify(rows));

function runOf(bench: Bench, name: string): number {
	const result = bench.getTask(name)?.result;
	if (result?.state !== 'completed') throw new Error(`${name} is ${result?.state ?? 'not there'}`);
	return result.latency.p50;
}
