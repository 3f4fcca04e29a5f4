/** `npm run bench -- codec | guards | routes | log | code`: code of the product alone, in fresh processes, without sockets. */
import { fileURLToPath } from 'node:url';
import { ENGINE_PATHS, runProgramLater } from '../scripts/repository.ts';
import type { BenchRecord, Comparison } from '../src/bench/bench-record.ts';
import { conclude, hasRegressed, judgeOutputs, readBenchRecord } from '../src/bench/conclude.ts';
import { describeMachine as describeHost } from '../src/bench/machine.ts';
import { MeasureSheet } from '../src/bench/measure-sheet.ts';
import { comparisonTable } from '../src/bench/record-text.ts';
import { median } from '../src/bench/statistics.ts';
import type { InProcessCase } from './in-process-case.ts';
import {
	IN_PROCESS_OPTIONS_HELP,
	type InProcessOptions,
	parseInProcessOptions,
} from './in-process-options.ts';
import type { RoundRow, RoundTask } from './in-process-round.ts';
import { IN_PROCESS_SUITES, type InProcessName } from './in-process-suites.ts';
import { commitOf } from './machine.ts';
import { markdownTable } from './markdown-table.ts';

const ROUND = fileURLToPath(new URL('./in-process-round.ts', import.meta.url));

type Say = (line: string) => void;

/** @returns the exit code: 1 where a case regressed. Throws a TypeError for what no option is. */
export async function benchInProcess(
	names: readonly InProcessName[],
	args: readonly string[],
	print: Say,
	report: Say,
): Promise<number> {
	const options = parseInProcessOptions(args);
	if (options === null) {
		print(help(names).trimEnd());
		return 0;
	}
	judgeOutputs(options.outputs);
	const before = options.compareFile === null ? null : readBenchRecord(options.compareFile);
	const startedAt = new Date().toISOString();
	const sheet = new MeasureSheet();
	const suites = names.map((name) => ({ name, cases: casesOf(name, options) }));
	if (suites.every(({ cases }) => cases.length === 0))
		throw new TypeError(`--only is ${JSON.stringify(options.only)}, which no case has in its name`);
	for (let round = 0; round < options.rounds; round += 1) {
		for (const { name, cases } of suites) {
			report(`${name} ${round + 1}/${options.rounds}`);
			const { milliseconds, only } = options;
			const rows = await timeRound(
				{ suite: name, only, milliseconds, reversed: round % 2 === 1 },
				options.engine,
			);
			for (const one of cases) note(sheet, name, one, rows);
		}
	}
	const subject = `${names.join(', ')}: ${options.engine}, ${commitOf()}`;
	const command = `npm run bench -- ${names.length > 1 ? 'code' : names.join('')} ${args.join(' ')}`.trim();
	const { measures, histograms, skipped } = sheet;
	const record: BenchRecord = {
		...{ format: 'httpfn-bench/1', subject, command, startedAt, machine: describeHost() },
		...{ measures, histograms, skipped },
	};
	const comparisons = conclude(record, before, options.outputs);
	for (const { name, cases } of suites) print(suiteTable(record, name, cases));
	if (comparisons.length > 0) print(`\n${comparisonText(comparisons)}`);
	return hasRegressed(comparisons) ? 1 : 0;
}

function help(names: readonly InProcessName[]): string {
	const about = names.map((name) => `  ${name}: ${IN_PROCESS_SUITES[name].about}`).join('\n');
	return `npm run bench -- ${names.length > 1 ? 'code' : names.join('')} [options]

Times code of the product alone, in fresh processes, each case beside a fixed piece of work that tells how fast the machine is at the
moment. Prints Markdown.

${about}

${IN_PROCESS_OPTIONS_HELP}
Examples
  npm run bench -- codec --only head --save before.json
  npm run bench -- codec --only head --compare before.json
`;
}

function casesOf(name: InProcessName, { only }: InProcessOptions): readonly InProcessCase[] {
	return IN_PROCESS_SUITES[name].cases().filter((one) => one.name.includes(only));
}

async function timeRound(task: RoundTask, engine: InProcessOptions['engine']): Promise<readonly RoundRow[]> {
	const text = await runProgramLater([ENGINE_PATHS[engine], ROUND, JSON.stringify(task)]);
	return JSON.parse(text) as RoundRow[];
}

/** Time a head or call, or bytes a time: the reference is turned the same way. */
function note(
	sheet: MeasureSheet,
	suite: InProcessName,
	one: InProcessCase,
	rows: readonly RoundRow[],
): void {
	const row = rows.find(({ name }) => name === one.name);
	if (row === undefined) throw new Error(`a round has no figure of ${one.name}`);
	const about = { id: idOf(suite, one), title: one.name };
	if (one.unit === 'byte') {
		const perSecond = one.amount / 1e6 / (row.runMs / 1000);
		sheet.add({ ...about, unit: 'MB/s', better: 'more' }, perSecond, 1000 / row.referenceMs);
		return;
	}
	const nanoseconds = (row.runMs / one.amount) * 1e6;
	sheet.add({ ...about, unit: 'ns', better: 'less' }, nanoseconds, row.referenceMs * 1e6);
}

function idOf(suite: InProcessName, { name }: InProcessCase): string {
	return `code/${suite}/${name.replaceAll(/[^A-Za-z0-9]+/g, '-')}`;
}

function suiteTable(record: BenchRecord, name: InProcessName, cases: readonly InProcessCase[]): string {
	const found = new Map(record.measures.map(({ id, rounds }) => [id, median(rounds)]));
	const rows = cases.map((one) => {
		const figure = found.get(idOf(name, one)) ?? Number.NaN;
		const shown = Math.round(figure).toLocaleString('en-US');
		const unit = one.unit === 'byte' ? 'MB / s' : `ns / ${one.unit}`;
		const other = cases.find((candidate) => candidate.name === one.beside);
		const otherFigure = other === undefined ? null : (found.get(idOf(name, other)) ?? null);
		const ratio =
			otherFigure === null ? null : one.unit === 'byte' ? otherFigure / figure : figure / otherFigure;
		return [one.name, `${shown} ${unit}`, ratio === null ? '' : ratio.toFixed(2)];
	});
	return markdownTable(['work', 'median', IN_PROCESS_SUITES[name].compared], rows).trimEnd();
}

function comparisonText(comparisons: readonly Comparison[]): string {
	const { names, rows } = comparisonTable(comparisons);
	return markdownTable(names, rows).trimEnd();
}
