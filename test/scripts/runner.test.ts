import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ownNetwork } from '../../scripts/test/network.ts';
import { runFile, type TestResult } from '../../scripts/test/run-file.ts';
import { functionFolder } from '../harness/function-folder.ts';

const ROOT = join(import.meta.dirname, '../..');
const UVU = join(ROOT, 'node_modules/uvu/dist/index.mjs');

const test = suite('runner');
const prefix = ownNetwork();

/** Runs a test file with this body as `npm test` does. */
async function ran(body: string, deadlineMs?: number): Promise<TestResult> {
	await using folder = await functionFolder({
		'a.test.mjs': `import { suite } from ${JSON.stringify(UVU)};\nconst test = suite('a');\n${body}\n`,
	});
	const file = join(folder.path, 'a.test.mjs');
	return await runFile(
		{ file, label: 'node', argv: [process.execPath, file], environment: {} },
		prefix,
		deadlineMs,
	);
}

function outcome({ passed, failed }: TestResult): string {
	return `${passed} passed, ${failed} failed`;
}

test('B-9: a file that runs no test, skips one, crashes or fails one is a failure, whatever its exit code', async () => {
	const holds = "test('holds', () => {});";
	assert.is(outcome(await ran(`${holds}\ntest.run();`)), '1 passed, 0 failed');
	assert.is(outcome(await ran(holds)), '0 passed, 1 failed');
	assert.is(outcome(await ran('test.run();')), '0 passed, 1 failed');
	assert.is(
		outcome(await ran(`${holds}\ntest.${'skip'}('b', () => {});\ntest.run();`)),
		'1 passed, 1 failed',
	);
	assert.is(
		outcome(await ran(`${holds}\ntest('b', () => { throw new Error('b'); });\ntest.run();`)),
		'1 passed, 1 failed',
	);
	assert.is(outcome(await ran("throw new Error('a');")), '0 passed, 1 failed');
	const late = "process.on('exit', () => { process.exitCode = 3; });";
	assert.is(outcome(await ran(`${holds}\n${late}\ntest.run();`)), '1 passed, 1 failed');
	assert.is(outcome(await ran("test('b', () => new Promise(() => {}));\ntest.run();")), '0 passed, 1 failed');
});

test('B-10: two files at once both have port 8000, each in a network of its own', async () => {
	const body = `
		import { createServer } from 'node:http';
		test('listens', async () => {
			const server = createServer((_, response) => response.end('yes'));
			await new Promise((done) => server.listen(8000, '127.0.0.1', done));
			const answer = await fetch('http://127.0.0.1:8000');
			if (await answer.text() !== 'yes') throw new Error('not mine');
			await new Promise((done) => setTimeout(done, 200));
			server.close();
			server.closeAllConnections();
		});
		test.run();`;
	const results = await Promise.all([ran(body), ran(body)]);
	assert.equal(results.map(outcome), ['1 passed, 0 failed', '1 passed, 0 failed'], results[0].output);
});

test('B-11: a process that a file leaves behind, in whatever group, is ended and makes the file a failure', async () => {
	const result = await ran(`
		import { spawn } from 'node:child_process';
		test('forgets', () => {
			spawn('sleep', ['321'], { detached: true, stdio: 'ignore' }).unref();
		});
		test.run();`);
	assert.is(outcome(result), '1 passed, 1 failed');
	assert.match(result.reasons.join(), /left processes behind: sleep 321/);
	assert.is(sleepers('321'), 0);
});

test('B-12: a file past its deadline is killed with all that it started, and is a failure', async () => {
	const body = `
		import { spawn } from 'node:child_process';
		test('hangs', () => {
			spawn('sleep', ['654'], { detached: true, stdio: 'inherit' });
			return new Promise(() => setInterval(() => {}, 1000));
		});
		test.run();`;
	const result = await ran(body, 1_500);
	assert.is(outcome(result), '0 passed, 1 failed');
	assert.match(result.reasons.join(), /did not end within 1\.5 s/);
	assert.is(sleepers('654'), 0);
});

function sleepers(seconds: string): number {
	return spawnSync('pgrep', ['-fx', `sleep ${seconds}`], { encoding: 'utf8' })
		.stdout.split('\n')
		.filter(Boolean).length;
}

test('B-13: npm test ends with the figures alone on a line, and with exit code 1 where anything failed', () => {
	const run = (...argv: readonly string[]) =>
		spawnSync(process.execPath, ['scripts/test.ts', ...argv], { cwd: ROOT, encoding: 'utf8' });
	const done = run('test/contract/limits', '--engine', 'node');
	assert.is(done.status, 0, done.stdout + done.stderr);
	assert.match(done.stdout, /\n[1-9]\d* passed, 0 failed\n$/);
	assert.is(run('no-such-file').status, 1);
	assert.is(run('--engine', 'v8').status, 1);
});

test.run();
