import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cpuMicros } from '../../bench/cpu-ratio.ts';
import type { RuntimeRound, RuntimesResult } from '../../bench/runtimes-report.ts';
import { type FunctionFolder, functionFolder } from '../harness/function-folder.ts';

const MAIN = join(import.meta.dirname, '../../bench/main.ts');
const SHORT = ['--rounds', '3', '--seconds', '1', '--warm-up', '0'];

const test = suite<{ folder: FunctionFolder }>('bench-runtimes');

test.before.each(async (context) => {
	context.folder = await functionFolder({});
});
test.after.each(async ({ folder }) => {
	await folder[Symbol.asyncDispose]();
});

function bench(args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
	return spawnSync(process.execPath, [MAIN, 'runtimes', ...args], { encoding: 'utf8' });
}

test('B-68: a function costs more processor time and memory within httpfn than alone', ({ folder }) => {
	const file = join(folder.path, 'result.json');
	const ended = bench(['--peers', 'node,httpfn', ...SHORT, '--json', file]);
	assert.is(ended.status, 0, ended.stderr);
	const { rounds, runtimes, problems } = JSON.parse(readFileSync(file, 'utf8')) as RuntimesResult;
	assert.equal(problems, []);
	assert.equal(
		rounds.map(({ round, runtime }) => `${round} ${runtime}`),
		['1 httpfn', '1 node', '2 node', '2 httpfn', '3 httpfn', '3 node'],
	);
	for (const round of rounds) {
		assert.ok(round.requests > 0 && round.errors === 0);
		assert.ok(round.p99Ms > 0 && round.firstAnswerMs > 0);
	}
	assert.equal(
		runtimes.map(({ name }) => name),
		['node', 'httpfn'],
	);
	// Work beside a round only adds to it: the least of three is the program's own. Times by the clock are not compared.
	const least = (runtime: string, figure: (round: RuntimeRound) => number): number =>
		Math.min(...rounds.filter((round) => round.runtime === runtime).map(figure));
	for (const [figure, more] of [
		[cpuMicros, 0],
		[({ peakRssKib }: RuntimeRound) => peakRssKib, 10_000],
	] as const) {
		const [bare, whole] = [least('node', figure), least('httpfn', figure)];
		assert.ok(whole > bare + more, `${whole} within httpfn, ${bare} alone`);
	}
	assert.match(ended.stdout, '| runtime | CPU µs / request | of bare node |');
});

test('B-68: a runtime that answers errors makes the benchmark fail and say so', ({ folder }) => {
	const broken = join(folder.path, 'broken');
	writeFileSync(
		broken,
		`#!${process.execPath}
if (process.argv[2] !== 'run') process.exit(0);
let asked = 0;
require('node:http').createServer((request, response) => {
	asked += 1;
	response.writeHead(asked === 1 ? 200 : 503);
	response.end(asked === 1 ? 'x'.repeat(48) : 'broken');
}).listen(8080, '127.0.0.1');
`,
	);
	chmodSync(broken, 0o755);
	const ended = bench(['--peers', `broken=${broken}`, '--rounds', '1', '--seconds', '1', '--warm-up', '0']);
	assert.is(ended.status, 1, ended.stderr);
	assert.match(ended.stderr, /problem: broken, round 1: the client counted \d+ errors/);
	assert.match(ended.stdout, 'Not to be used');
});

test('B-53: an unknown runtime, option or count is refused before anything is fetched', () => {
	for (const [args, wanted] of [
		[['--peers', 'miniflare,lambda'], '--peers has "lambda"'],
		[['--round', '1'], '--round'],
		[['--rounds', '0'], '--rounds is "0"'],
	] as const) {
		const ended = bench(args);
		assert.is(ended.status, 2, args.join(' '));
		assert.ok(ended.stderr.includes(wanted), ended.stderr);
		assert.not.match(ended.stderr, 'fetching');
	}
	assert.is(bench(['--help']).status, 0);
});

test.run();
