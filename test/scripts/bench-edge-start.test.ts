import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseEdgeStartOptions } from '../../bench/edge-start-options.ts';
import { type EdgeStartResult, edgeStartReport } from '../../bench/edge-start-report.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { MACHINE } from './bench-machine.ts';

const MAIN = join(import.meta.dirname, '../../bench/main.ts');

const test = suite('bench edge-start');

test('B-90: the benchmark of edge functions asks the built binary when it has no instance, in turn in a namespace and directly', async () => {
	await using folder = await functionFolder({});
	const file = join(folder.path, 'result.json');
	const args = [MAIN, 'edge-start', '--peers', 'httpfn', '--rounds', '1', '--json', file];
	const ended = spawnSync(process.execPath, args, { encoding: 'utf8' });
	assert.is(ended.status, 0, ended.stderr);
	const { rounds, problems } = JSON.parse(readFileSync(file, 'utf8')) as EdgeStartResult;
	assert.equal(problems, []);
	assert.equal(
		rounds.map(({ runtime, isolation, ms }) => [runtime, isolation, ms.length]),
		[
			['httpfn', 'namespace', 1],
			['httpfn', 'direct', 1],
		],
	);
	assert.ok(rounds.every(({ ms: [ms = 0] }) => ms > 0 && ms < 15_000));
	assert.match(ended.stdout, '### Targets of the flagship');
});

test('B-91: the benchmark of edge functions names what it does not know', () => {
	assert.equal(parseEdgeStartOptions(['--isolation', 'direct', '--rounds', '7', '--peers', 'workerd']), {
		...{ peers: ['workerd'], isolations: ['direct'], rounds: 7, jsonFile: null },
	});
	assert.is(parseEdgeStartOptions(['--help']), null);
	for (const [args, found] of [
		[['--isolation', 'none'], /--isolation has "none"/],
		[['--rounds', '0'], /--rounds is "0"/],
		[['--round', '1'], /--round/],
	] as const) {
		assert.throws(() => parseEdgeStartOptions(args), found);
	}
	const ended = spawnSync(process.execPath, [MAIN, 'edge-start', '--peers', 'node'], { encoding: 'utf8' });
	assert.is(ended.status, 2);
	assert.match(ended.stderr, 'node, which runs no fetch handlers');
});

test('B-91: its report has the medians, and says by how much the flagship misses 10 ms', () => {
	const text = edgeStartReport({
		machine: MACHINE,
		options: { peers: ['httpfn', 'workerd'], isolations: ['namespace'], rounds: 2, jsonFile: null },
		runtimes: [],
		flagship: 'httpfn',
		rounds: [
			{ runtime: 'httpfn', isolation: 'namespace', ms: [12, 12], failures: [] },
			{ runtime: 'workerd', isolation: null, ms: [40, 42], failures: [] },
		],
		problems: [],
	});
	assert.match(text, '| httpfn, namespace | the request | 12.0 (12.0 to 12.0) | 12.0 | 12.0 12.0 |');
	assert.match(text, '| workerd | exec | 41.0 (40.0 to 42.0) |');
	assert.match(text, '| namespace, median | 10 ms | 12.0 ms | missed by 2.0 ms |');
});

test.run();
