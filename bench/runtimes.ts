/** `npm run bench -- runtimes`: what a function costs whole, the runtimes in turn, round after round, then the table. */
import { writeFileSync } from 'node:fs';
import { ensureBenchPeers } from '../scripts/toolchains.ts';
import { cpuMicros } from './cpu-ratio.ts';
import { findRuntimes } from './find-runtimes.ts';
import { inTurn } from './in-turn.ts';
import { loadProblems } from './load-problems.ts';
import { describeMachine } from './machine.ts';
import { killNamespaces, runInNamespace } from './namespace.ts';
import { parseRuntimesOptions, RUNTIMES_HELP } from './runtimes-options.ts';
import { type RuntimeRound, type RuntimesResult, runtimesReport } from './runtimes-report.ts';

/** Seconds beyond the load itself that a round may take to start, to answer once and to stop. */
const SLACK_SECONDS = 60;

type Report = (line: string) => void;

/** @returns the exit code: 0, or 1 where a client saw an error */
export async function benchRuntimes(args: readonly string[], print: Report, report: Report): Promise<number> {
	const options = parseRuntimesOptions(args);
	if (options === null) {
		print(RUNTIMES_HELP.trimEnd());
		return 0;
	}
	const runtimes = findRuntimes(options.peers, report);
	await ensureBenchPeers(report);
	process.once('exit', killNamespaces);
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

	const machine = describeMachine([]);
	const rounds: RuntimeRound[] = [];
	const { warmUpSeconds, seconds } = options;
	for (const { round, subject } of inTurn(runtimes, options.rounds)) {
		const task = { kind: 'runtime', runtime: subject, warmUpSeconds, seconds } as const;
		const found = await runInNamespace(task, '', (warmUpSeconds + seconds + SLACK_SECONDS) * 1000);
		const [cpu, first] = [cpuMicros(found).toFixed(1), found.firstAnswerMs.toFixed(0)];
		report(`${round}/${options.rounds}: ${subject.name}: ${cpu} µs CPU a request, ${first} ms to answer`);
		rounds.push({ round, runtime: subject.name, ...found });
	}
	const problems = rounds.flatMap((found) => loadProblems(`${found.runtime}, round ${found.round}`, found));
	const result: RuntimesResult = { machine, options, runtimes, rounds, problems };
	if (options.jsonFile !== null) writeFileSync(options.jsonFile, `${JSON.stringify(result, null, '\t')}\n`);
	print(runtimesReport(result));
	for (const problem of problems) report(`problem: ${problem}`);
	return problems.length === 0 ? 0 : 1;
}
