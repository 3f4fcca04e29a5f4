import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addedBy } from '../../bench/cold-start-arithmetic.ts';
import { parseColdStartOptions } from '../../bench/cold-start-options.ts';
import { coldStartReport } from '../../bench/cold-start-report.ts';
import type { ColdStartResult } from '../../bench/cold-start-result.ts';
import { MACHINE } from './bench-machine.ts';

const MAIN = join(import.meta.dirname, '../../bench/main.ts');

const test = suite('bench cold-start');

test('B-60: the cold start benchmark measures the built binary beside bare bootstraps and writes every figure as JSON', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'bench-test-'));
	try {
		const file = join(folder, 'result.json');
		const short = ['--functions', 'sh-go', '--rounds', '2', '--crowd-rounds', '1', '--thaw-rounds', '0'];
		const ended = await bench(['cold-start', ...short, '--json', file]);
		assert.is(ended.code, 0, ended.stderr);
		const result = JSON.parse(readFileSync(file, 'utf8')) as ColdStartResult;
		assert.equal(result.problems, []);
		assert.equal(
			result.rounds.map(({ peer, isolation }) => `${peer} ${isolation}`),
			['httpfn namespace', 'httpfn direct'],
		);
		for (const { coldMs, bare } of result.rounds) {
			assert.is(coldMs.length, 2);
			assert.is(bare.length, 2);
			assert.ok(coldMs.every((ms) => ms > 0 && ms < 15_000));
			assert.ok(bare.every(({ listenMs, firstByteMs }) => listenMs > 0 && firstByteMs >= listenMs));
		}
		assert.equal(
			result.crowds.map(({ kind, requestMs, bareMs }) => [kind, requestMs.length, bareMs.length]),
			[
				['functions', 20, 20],
				['burst', 50, 50],
			],
		);
		assert.match(ended.stdout, '### A cold start, milliseconds');
		assert.match(ended.stdout, 'A burst of 50 requests');
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});

test('B-64: what a thaw adds is measured on one instance, frozen and running in turn', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'bench-test-'));
	try {
		const file = join(folder, 'result.json');
		const short = ['--functions', 'sh-go', '--rounds', '1', '--crowd-rounds', '0', '--thaw-rounds', '2'];
		const ended = await bench(['cold-start', ...short, '--json', file]);
		assert.is(ended.code, 0, ended.stderr);
		const { thaws } = JSON.parse(readFileSync(file, 'utf8')) as ColdStartResult;
		assert.equal(
			thaws.map(({ isolation, frozenMs, runningMs }) => [isolation, frozenMs.length, runningMs.length]),
			[
				['namespace', 2, 2],
				['direct', 2, 2],
			],
		);
		assert.match(ended.stdout, '### A request to a frozen instance');
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});

test('B-61: what was added is the median of the differences within rounds, with an interval that holds it', () => {
	const bare = [10, 20, 30, 40, 50];
	const added = addedBy([12, 23, 32, 41, 52], bare);
	assert.is(added.medianMs, 2);
	assert.ok(added.lowMs <= 2 && added.highMs >= 2, `${added.lowMs} to ${added.highMs}`);
	assert.ok(added.lowMs >= 1 && added.highMs <= 3);
	assert.ok(Math.abs(added.p99Ms - 2) < 0.1, String(added.p99Ms));
	assert.equal(addedBy([12, 23, 32, 41, 52], bare), added, 'the same rounds give the same interval');
	assert.throws(() => addedBy([1], []), /wanted as many/);
});

test('B-62: the cold start benchmark takes lists and counts, and names what it does not know', () => {
	assert.equal(
		parseColdStartOptions(['--functions', 'node,sh-go', '--isolation', 'direct', '--rounds', '7']),
		{
			peers: ['httpfn'],
			functions: ['node', 'sh-go'],
			isolations: ['direct'],
			rounds: 7,
			crowdRounds: 5,
			thawRounds: 30,
			jsonFile: null,
		},
	);
	assert.is(parseColdStartOptions(['--help']), null);
	for (const [args, found] of [
		[['--functions', 'ruby'], /--functions has "ruby"/],
		[['--isolation', 'none'], /--isolation has "none"/],
		[['--rounds', '0'], /--rounds is "0"/],
		[['--crowd-rounds', '-1'], /--crowd-rounds/],
		[['--round', '1'], /--round/],
	] as const) {
		assert.throws(() => parseColdStartOptions(args), found);
	}
});

test('B-63: the report shows each function, and says by how much a target is missed', () => {
	const bare = [
		{ listenMs: 10, firstByteMs: 11 },
		{ listenMs: 10, firstByteMs: 11 },
	];
	const text = coldStartReport({
		machine: MACHINE,
		options: {
			...{ peers: ['httpfn'], functions: ['node'], isolations: ['namespace'] },
			...{ rounds: 2, crowdRounds: 0, thawRounds: 2, jsonFile: null },
		},
		flagship: 'httpfn',
		rounds: [{ function: 'node', peer: 'httpfn', isolation: 'namespace', coldMs: [14, 14], bare }],
		crowds: [],
		thaws: [
			{
				...{ function: 'node', peer: 'httpfn', isolation: 'namespace' },
				...{ frozenMs: [1.5, 1.75], runningMs: [1, 1.25] },
			},
		],
		problems: [],
	});
	assert.match(text, '| node | httpfn, namespace | 10.0 / 10.0 | 11.0 | 14.0 / 14.0 | 4.0 (4.0 to 4.0) |');
	assert.match(text, '| added to listening, node, namespace, median | 3 ms | 4.0 ms | missed by 1.0 ms |');
	assert.match(text, '| added to listening, node, namespace, p99 | 10 ms | 4.0 ms | met |');
	assert.match(text, '| added by the thaw, node, namespace, median | 1 ms | 0.50 ms | met |');
});

function bench(args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
	const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
	const texts = { stdout: '', stderr: '' };
	for (const name of ['stdout', 'stderr'] as const) {
		child[name].setEncoding('utf8').on('data', (part: string) => {
			texts[name] += part;
		});
	}
	return new Promise((resolve, reject) => {
		child.once('error', reject).once('close', (code) => resolve({ code, ...texts }));
	});
}

test.run();
