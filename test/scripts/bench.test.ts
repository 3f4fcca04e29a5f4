import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { extraHeaders } from '../../bench/compare-headers.ts';
import type { GatewayResult } from '../../bench/gateway-result.ts';
import { INJECTED_HEADERS } from '../../bench/injected-headers.ts';
import { treeUsage } from '../../bench/process-usage.ts';
import { summarize } from '../../bench/summarize.ts';
import type { BenchRecord } from '../../src/bench/bench-record.ts';
import { readBenchRecord } from '../../src/bench/conclude.ts';

const MAIN = fileURLToPath(new URL('../../bench/main.ts', import.meta.url));
const SHORT = ['--rounds', '1', '--seconds', '1', '--warm-up', '0', '--startups', '1'];

const test = suite<{ folder: string }>('bench', { folder: '' });

test.before.each((context) => {
	context.folder = mkdtempSync(join(tmpdir(), 'bench-test-'));
});

test.after.each((context) => rmSync(context.folder, { recursive: true, force: true }));

test('B-50: the gateway benchmark measures the built binary beside nginx and caddy and writes every figure as JSON', async ({
	folder,
}) => {
	const file = join(folder, 'result.json');
	const which = ['--peers', 'nginx,caddy,httpfn', '--bodies', 'small,large,closing'];
	const ended = await bench(['gateway', ...which, ...SHORT, '--json', file]);
	assert.is(ended.code, 0, ended.stderr);
	const result = JSON.parse(readFileSync(file, 'utf8')) as GatewayResult;
	assert.is(result.flagship, 'httpfn');
	assert.equal(result.problems, []);
	assert.equal(result.rounds.map(({ body, peer }) => `${body} ${peer}`).sort(), [
		'closing caddy',
		'closing httpfn',
		'closing nginx',
		'large caddy',
		'large httpfn',
		'large nginx',
		'large nginx-unbuffered',
		'small caddy',
		'small httpfn',
		'small nginx',
	]);
	for (const round of result.rounds) {
		assert.ok(round.requests > 0 && round.cpuSeconds > 0 && round.seconds >= 1);
		assert.ok(round.p50Ms > 0 && round.p50Ms <= round.p99Ms);
		assert.ok(round.peakRssKib > 1000 && round.peakRssKib < 2_000_000);
		assert.is(round.errors, 0);
	}
	const [nginx] = summarize(result, 'small');
	assert.is(nginx?.ofNginx?.median, 1);
	for (const found of Object.values(result.headers)) assert.equal(extraHeaders(found), []);
	const startup = result.startup.find(({ peer }) => peer === 'httpfn');
	assert.is(startup?.urlLineMs.length, 1);
	assert.match(ended.stdout, '| **httpfn** (flagship) |');
	assert.match(ended.stdout, 'Targets of the flagship');
});

test('B-51: a proxy that answers errors or leaves a header out makes the benchmark fail and say so', async ({
	folder,
}) => {
	const broken = join(folder, 'broken');
	writeFileSync(broken, brokenProxy());
	chmodSync(broken, 0o755);
	const file = join(folder, 'result.json');
	const peers = ['--peers', `broken=${broken}`, '--bodies', 'small'];
	const ended = await bench(['gateway', ...peers, ...SHORT, '--startups', '0', '--json', file]);
	assert.is(ended.code, 1, ended.stderr);
	const { problems } = JSON.parse(readFileSync(file, 'utf8')) as GatewayResult;
	assert.ok(problems.some((problem) => /^broken does not add the request header x-cff-region/.test(problem)));
	assert.ok(
		problems.some((problem) => /^broken, small body, round 1: the client counted \d+ errors$/.test(problem)),
	);
	assert.match(ended.stdout, 'Not to be used');
});

test('B-52: the processor time and memory of the function are not charged to the proxy that started it', async () => {
	const script = 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo $$; read line';
	// A shell that waits, in place of the proxy: it takes and gives back no memory between the two looks.
	const proxy = spawn('sh', ['-c', `sh -c '${script}'; :`], { stdio: ['pipe', 'pipe', 'inherit'] });
	const functionPid = await new Promise<number>((resolve) =>
		proxy.stdout.once('data', (text) => resolve(Number(text))),
	);
	const without = treeUsage(proxy.pid ?? -1, functionPid);
	const all = treeUsage(proxy.pid ?? -1, null);
	proxy.stdin.end();
	await new Promise<void>((resolve) => proxy.once('close', () => resolve()));
	assert.ok(all.cpuSeconds >= without.cpuSeconds + 0.02, `${all.cpuSeconds} and ${without.cpuSeconds}`);
	assert.ok(all.rssKib > without.rssKib && without.rssKib > 0, `${all.rssKib} and ${without.rssKib}`);
});

test('B-53: an unknown benchmark, option, peer or value is refused with its name and what was wanted', async () => {
	const cases: ReadonlyArray<readonly [string[], string]> = [
		[
			['speed'],
			'"speed" is not known, wanted gateway, runtimes, cold-start, edge-start, footprint, code, codec, guards, routes, log, planted, compare',
		],
		[['gateway', '--round', '1'], '--round'],
		[['gateway', '--rounds', 'many'], '--rounds is "many"'],
		[['gateway', '--peers', 'apache'], '--peers has "apache"'],
		[['gateway', '--bodies', 'huge'], '--bodies has "huge"'],
		[['codec', '--milliseconds', '-1'], '--milliseconds'],
	];
	for (const [args, wanted] of cases) {
		const ended = await bench(args);
		assert.is(ended.code, 2, args.join(' '));
		assert.ok(ended.stderr.includes(wanted), ended.stderr);
	}
	assert.is((await bench(['gateway', '--help'])).code, 0);
});

test('B-54: the codec benchmark times heads, chunks, Base64 and the envelope beside the one call of the engine', async ({
	folder,
}) => {
	const { measures } = await shortSuite('codec', folder);
	assert.ok(measures.length >= 10);
	assert.equal(new Set(measures.map(({ unit }) => unit)), new Set(['ns', 'MB/s']));
});

test('G-21: the guards benchmark times every way to authenticate beside reading the fields', async ({
	folder,
}) => {
	assert.ok((await shortSuite('guards', folder)).measures.length >= 7);
});

test('G-196: the routes benchmark times finding a function among 10,000 triggers beside reading a head', async ({
	folder,
}) => {
	assert.is((await shortSuite('routes', folder)).measures.length, 4);
});

test('B-86: a suite is saved as a record, each figure beside the reference work, and compared with one', async ({
	folder,
}) => {
	const { measures } = await shortSuite('log', folder);
	for (const { id, rounds, reference } of measures) {
		assert.match(id, /^code\/log\//);
		assert.ok([...rounds, ...reference].every((figure) => figure > 0));
		assert.is(rounds.length, reference.length);
	}
	const short = ['log', '--rounds', '5', '--milliseconds', '5', '--only', 'combined'];
	const [saved, better] = [join(folder, 'saved.json'), join(folder, 'better.json')];
	assert.is((await bench([...short, '--save', saved])).code, 0);
	const record = readBenchRecord(saved);
	const faster = record.measures.map((measure) => ({
		...measure,
		rounds: measure.rounds.map((figure) => figure / 50),
	}));
	writeFileSync(better, JSON.stringify({ ...record, measures: faster }));
	const ended = await bench([...short, '--compare', better]);
	assert.is(ended.code, 1, ended.stderr);
	assert.match(ended.stdout, /regressed/);
});

test('B-87: a comparison with what is no commit is refused at once', async () => {
	const ended = await bench(['compare', 'no-such-commit']);
	assert.is(ended.code, 2);
	assert.match(ended.stderr, /REF is "no-such-commit"/);
	assert.is((await bench(['compare', '--help'])).code, 0);
});

/** Two rounds in which no figure means anything. */
async function shortSuite(name: string, folder: string): Promise<BenchRecord> {
	const file = join(folder, 'result.json');
	const ended = await bench([name, '--rounds', '2', '--milliseconds', '5', '--json', file]);
	assert.is(ended.code, 0, ended.stderr);
	const record = readBenchRecord(file);
	assert.ok(record.measures.every(({ rounds }) => rounds.length === 2));
	return record;
}

/** Takes the command line of `httpfn run`, is honest once for each path, then answers 503. */
function brokenProxy(): string {
	const names = INJECTED_HEADERS.map(({ name }) => name.toLowerCase()).filter(
		(name) => name !== 'x-cff-region',
	);
	const seen = JSON.stringify(Object.fromEntries(names.map((name) => [name, 'x'])));
	return `#!${process.execPath}
if (process.argv[2] !== 'run') process.exit(0);
const { createServer } = require('node:http');
const bodies = new Map([['/', '${seen}'], ['/small', 'x'.repeat(48)]]);
createServer((request, response) => {
	const body = bodies.get(request.url);
	bodies.delete(request.url);
	response.writeHead(body === undefined ? 503 : 200, { 'x-cff-request-id': '1', 'x-request-id': '1' });
	response.end(body ?? 'broken');
}).listen(8080, '127.0.0.1');
`;
}

function bench(args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
	const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
	let stdout = '';
	let stderr = '';
	child.stdout.setEncoding('utf8').on('data', (part: string) => {
		stdout += part;
	});
	child.stderr.setEncoding('utf8').on('data', (part: string) => {
		stderr += part;
	});
	return new Promise((resolve, reject) => {
		child.once('error', reject).once('close', (code) => resolve({ code, stdout, stderr }));
	});
}

test.run();
