/** `httpfn bench` with the built executable: short runs, of which only the form of the figures is certain. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runBinary } from '../harness/binary.ts';
import { until } from '../harness/until.ts';
import { ONE_LOAD, recordIn, SHORT } from './bench-runs.ts';

const test = suite<{ folder: string }>('httpfn bench');

test.before.each((context) => {
	context.folder = mkdtempSync(join(tmpdir(), 'bench-test-'));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true }));

test('B-80: one run has cold starts, loads and memory, each figure with its rounds, most beside the reference', async ({
	folder,
}) => {
	const file = join(folder, 'record.json');
	const only = ['warm/plain', 'warm/chunked/100KB', 'warm/invoke/5MB', 'cold', 'memory', 'growth/functions'];
	const argv = ['bench', '--rounds', '1', ...SHORT, '--json', file, ...only.flatMap((id) => ['--only', id])];
	const done = await runBinary(argv);
	assert.is(done.code, 0, done.stderr);
	const { measures, histograms, skipped, subject } = recordIn(file);
	assert.match(subject, /^httpfn /);
	assert.equal(skipped, []);
	const of = (id: string) => measures.find((measure) => measure.id === id);
	for (const body of ['0', '1KB', '100KB', '5MB']) {
		for (const kind of ['kept', 'new']) {
			for (const what of ['cpu', 'throughput', 'p50', 'p99']) {
				const found = of(`warm/plain/${body}/${kind}/${what}`);
				assert.ok((found?.rounds[0] ?? 0) > 0 && (found?.reference[0] ?? 0) > 0, `${body} ${kind} ${what}`);
			}
		}
	}
	for (const id of ['warm/chunked/100KB/kept/cpu', 'warm/invoke/5MB/new/p99', 'growth/functions/1000/cpu']) {
		assert.ok((of(id)?.rounds[0] ?? 0) > 0, id);
	}
	for (const isolation of ['direct', 'namespace']) {
		const phases = ['spawn', 'bootstrap', 'probe', 'first-byte'].map((phase) =>
			of(`cold/${isolation}/${phase}`),
		);
		const total = of(`cold/${isolation}/total`)?.rounds ?? [];
		assert.is(total.length, 2);
		// Two clocks, of two processes: a millisecond is lost between them at most.
		const sums = total.map((_, index) => phases.reduce((sum, phase) => sum + (phase?.rounds[index] ?? 0), 0));
		assert.ok(
			sums.every((sum, index) => Math.abs(sum - (total[index] ?? 0)) < 2),
			`${total} and ${sums}`,
		);
	}
	assert.ok((of('cold/namespace/burst')?.rounds[0] ?? 0) > 0);
	for (const what of ['start', 'load', 'connection', 'function', 'instance']) {
		assert.is(of(`memory/${what}`)?.unit, 'KiB', what);
	}
	const percentiles = histograms.find(({ id }) => id === 'warm/plain/1KB/kept')?.percentiles ?? [];
	assert.ok(
		percentiles.length > 5 &&
			percentiles.every(({ value }, index) => value >= (percentiles[index - 1]?.value ?? 0)),
	);
});

test('B-83: a function of one’s own is measured, and one that answers with an error is refused', async ({
	folder,
}) => {
	const file = join(folder, 'record.json');
	// Functions run as a user of their own.
	chmodSync(folder, 0o755);
	writeFileSync(join(folder, 'bootstrap'), 'exec node $RUNTIME_CODE_ROOT/app.mjs');
	const app = `import http from 'node:http';
http.createServer((request, response) => {
	response.statusCode = request.url === '/health' ? 200 : 500;
	response.end('well');
}).listen(8000, '127.0.0.1');`;
	writeFileSync(join(folder, 'app.mjs'), app);
	const argv = ['bench', folder, '--rounds', '1', ...SHORT, '--only', 'warm', '--only', 'cold/direct'];
	const done = await runBinary([...argv, '--path', '/health', '--json', file]);
	assert.is(done.code, 0, done.stderr);
	const ids = recordIn(file).measures.map(({ id }) => id);
	for (const id of ['warm/own/kept/cpu', 'warm/own/new/p99', 'cold/direct/start', 'cold/direct/total']) {
		assert.ok(ids.includes(id), id);
	}
	// What is wrong is never taken for what can not be measured here.
	for (const only of [argv, ['bench', folder, '--rounds', '1', ...SHORT, '--only', 'cold/namespace']]) {
		const broken = await runBinary(only);
		assert.is(broken.code, 1);
		assert.match(broken.stderr, /^httpfn: ERR_BENCH_FAILED.* 500/m);
	}
});

test('B-84: every mistake of the command line is told at once, and nothing is measured', async ({
	folder,
}) => {
	const argv = ['bench', '--rounds', 'many', '--seconds', '0', '--max-regression', '5', '--path', 'x'];
	const done = await runBinary(argv);
	assert.is(done.code, 2);
	for (const flag of ['--rounds', '--seconds', '--max-regression', '--path']) assert.match(done.stderr, flag);
	for (const wrong of [
		['--save', folder],
		['--compare', join(folder, 'none.json')],
	]) {
		const refused = await runBinary(['bench', ...ONE_LOAD, ...wrong]);
		assert.is(refused.code, 2);
		assert.match(refused.stderr, /^httpfn: ERR_CONFIG_INVALID/m);
	}
});

test('B-85: what keeps a bootstrap from its port is said', async () => {
	const holder = createServer();
	await new Promise<void>((resolve) => holder.listen(8000, '127.0.0.1', resolve));
	const done = await runBinary(['bench', '--rounds', '1', ...SHORT, '--only', 'cold/direct']);
	holder.close();
	assert.is(done.code, 1);
	assert.match(done.stderr, /8000/);
});

test('B-88: a signal ends a run at its next step, a second one at once, and neither leaves a process behind', async () => {
	for (const signals of [1, 2]) {
		const child = spawn(process.env.HTTPFN_BINARY ?? '', ['bench', '--rounds', '50', ...ONE_LOAD], {
			stdio: ['ignore', 'ignore', 'pipe'],
		});
		const exited = once(child, 'exit');
		await until('a server is measured', () => (serversOfBench().length > 0 ? true : null));
		for (let count = 0; count < signals; count += 1) child.kill('SIGINT');
		assert.equal(await exited, [130, null]);
		await until('no server is left', () => (serversOfBench().length === 0 ? true : null));
	}
});

/** Process ids of what a benchmark has started, told by its folder in their arguments. */
function serversOfBench(): string[] {
	return readdirSync('/proc').filter((pid) => {
		if (!/^\d+$/.test(pid)) return false;
		try {
			return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('/httpfn-bench-');
		} catch {
			return false;
		}
	});
}

test.run();
