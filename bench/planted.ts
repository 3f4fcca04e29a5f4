/**
 * `npm run bench -- planted`: whether the comparison tells a slowdown from noise on this machine, now. A copy of the source has a head
 * parser that is 10% slower; it has to be caught every time, and the unchanged source never.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../scripts/repository.ts';
import type { Comparison, Measure } from '../src/bench/bench-record.ts';
import { percent } from '../src/bench/compare-records.ts';
import { readBenchRecord } from '../src/bench/conclude.ts';
import { markdownTable } from './markdown-table.ts';

const PLANTED_RUNS = 3;
const UNCHANGED_RUNS = 10;
const PARSER = 'src/http1/request-head.ts';
const HEADER = 'export function parseRequestHead(';
/** Every tenth head is parsed twice. */
const SLOWDOWN = `
let headsParsed = 0;

export const parseRequestHead: typeof parseOnce = (...given) => {
	headsParsed += 1;
	if (headsParsed % 10 === 0) parseOnce(...given);
	return parseOnce(...given);
};
`;
const CASE = 'request head parsed';

const HELP = `npm run bench -- planted [options]

Saves a baseline of the head parser, then compares ${PLANTED_RUNS} runs of a copy of the source whose parser is 10% slower, which must be
found to have regressed, and ${UNCHANGED_RUNS} runs of the source as it is, which must not. Exits with 1 where one is misjudged.

  --rounds N    of each run; default 31
  --json FILE   the measure of every run, raw, as JSON
  --help
`;

type Say = (line: string) => void;

export function benchPlanted(args: readonly string[], print: Say, report: Say): number {
	const { values } = parseArgs({
		args: [...args],
		strict: true,
		options: {
			rounds: { type: 'string', default: '31' },
			json: { type: 'string' },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		print(HELP.trimEnd());
		return 0;
	}
	const folder = mkdtempSync(join(tmpdir(), 'httpfn-planted-'));
	try {
		const slower = join(folder, 'slower');
		plant(slower);
		const baseline = join(folder, 'baseline.json');
		report('baseline');
		if (runCodec(ROOT, values.rounds, ['--save', baseline]) !== 0) throw new Error('there is no baseline');
		const runs = [
			...Array.from({ length: PLANTED_RUNS }, () => ({ source: 'planted', tree: slower, wanted: 1 })),
			...Array.from({ length: UNCHANGED_RUNS }, () => ({ source: 'unchanged', tree: ROOT, wanted: 0 })),
		].map(({ source, tree, wanted }, index) => {
			const file = join(folder, `${index}.json`);
			const code = runCodec(tree, values.rounds, ['--compare', baseline, '--json', file]);
			const found = describe(file);
			report(`${source}: ${found}`);
			return { source, found, right: code === wanted, file };
		});
		if (values.json !== undefined) {
			const raw = {
				baseline: measureOf(baseline),
				runs: runs.map(({ source, file }) => ({ source, measure: measureOf(file) })),
			};
			writeFileSync(values.json, `${JSON.stringify(raw)}\n`);
		}
		const rows = runs.map(({ source, found, right }) => [source, found, right ? 'right' : '**misjudged**']);
		print(markdownTable(['source', 'found', ''], rows).trimEnd());
		return runs.every(({ right }) => right) ? 0 : 1;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function plant(tree: string): void {
	for (const part of ['src', 'bench', 'scripts', 'test', 'package.json', 'tsconfig.json']) {
		cpSync(join(ROOT, part), join(tree, part), { recursive: true });
	}
	symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
	const text = readFileSync(join(tree, PARSER), 'utf8');
	if (!text.includes(HEADER)) throw new Error(`${PARSER} has no ${HEADER}`);
	writeFileSync(join(tree, PARSER), text.replace(HEADER, 'function parseOnce(') + SLOWDOWN);
}

function runCodec(tree: string, rounds: string, more: readonly string[]): number {
	const options = ['--only', CASE, '--rounds', rounds, '--milliseconds', '60'];
	const argv = [join(tree, 'bench/main.ts'), 'codec', ...options, ...more];
	const done = spawnSync(process.execPath, argv, { encoding: 'utf8', cwd: tree });
	if (done.status === 0 || done.status === 1) return done.status;
	throw new Error(`${argv.join(' ')} ended with ${done.status ?? done.signal}: ${done.stderr}`);
}

function measureOf(file: string): Measure | undefined {
	return readBenchRecord(file).measures[0];
}

function describe(json: string): string {
	const { comparisons } = JSON.parse(readFileSync(json, 'utf8')) as { comparisons: readonly Comparison[] };
	return comparisons
		.map(({ verdict, change }) =>
			change === null ? verdict : `${verdict}, ${percent(change.low)} to ${percent(change.high)}`,
		)
		.join('; ');
}
