/** `npm run bench -- edge-start`: every runtime in one network namespace, then the table. */
import { writeFileSync } from 'node:fs';
import { EDGE_START_HELP, type EdgeStartOptions, parseEdgeStartOptions } from './edge-start-options.ts';
import { type EdgeStartResult, edgeStartReport } from './edge-start-report.ts';
import type { EdgeStartSubject } from './edge-start-task.ts';
import { findRuntimes } from './find-runtimes.ts';
import { describeMachine } from './machine.ts';
import { killNamespaces, runInNamespace } from './namespace.ts';
import type { Runtime } from './runtime.ts';

/** Milliseconds that one start may take with all that belongs to it. */
const START_MS_MAX = 15_000;
const SLACK_MS = 60_000;
const KINDS: ReadonlyArray<Runtime['kind']> = ['httpfn', 'workerd', 'miniflare'];

type Report = (line: string) => void;

/** @returns the exit code: 0, or 1 where a request was not answered as it should be */
export async function benchEdgeStart(
	args: readonly string[],
	print: Report,
	report: Report,
): Promise<number> {
	const options = parseEdgeStartOptions(args);
	if (options === null) {
		print(EDGE_START_HELP.trimEnd());
		return 0;
	}
	const runtimes = findRuntimes(options.peers, report);
	const other = runtimes.find(({ kind }) => !KINDS.includes(kind));
	if (other !== undefined) throw new TypeError(`--peers has ${other.name}, which runs no fetch handlers`);
	process.once('exit', killNamespaces);
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

	const machine = describeMachine([]);
	const subjects = runtimes.flatMap((runtime) => subjectsOf(runtime, options));
	const { rounds: count } = options;
	report(`${count} starts of ${subjects.length} kinds`);
	const task = { kind: 'edge-start', subjects, rounds: count } as const;
	const rounds = await runInNamespace(task, '', subjects.length * (count + 1) * START_MS_MAX + SLACK_MS);
	const problems = rounds.flatMap(({ runtime, isolation, failures }) =>
		failures.map((text) => `${runtime}, ${isolation ?? 'alone'}: ${text}`),
	);
	const flagship = runtimes.find(({ name }) => name === 'httpfn')?.name ?? null;
	const result: EdgeStartResult = { machine, options, runtimes, flagship, rounds, problems };
	if (options.jsonFile !== null) writeFileSync(options.jsonFile, `${JSON.stringify(result, null, '\t')}\n`);
	print(edgeStartReport(result));
	for (const problem of problems) report(`problem: ${problem}`);
	return problems.length === 0 ? 0 : 1;
}

function subjectsOf(runtime: Runtime, { isolations }: EdgeStartOptions): EdgeStartSubject[] {
	if (runtime.kind !== 'httpfn') return [{ runtime, isolation: null }];
	return isolations.map((isolation) => ({ runtime, isolation }));
}
