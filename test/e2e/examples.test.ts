/** Every example function, served by the built executable. */
import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runBinary, startFunction } from '../harness/binary.ts';
import { type Answer, exchange } from '../harness/exchange.ts';
import { copiedFolder } from '../harness/function-folder.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');
const TARGET = '/a%20b//c;p?x=1&y=%E4%BD%A0&z&x=2';
const CHINESE = '你好，世界：汉字原样返回。\n'.repeat(2_000);

interface Described {
	readonly message: string;
	readonly method: string;
	readonly target: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly environment?: Readonly<Record<string, string>>;
}

const test = suite('examples');

test('E-1: the plain Node.js example runs, and shows the headers and variables of the contract', async () => {
	await using running = await startFunction(join(EXAMPLES, 'node-http'), [
		...['--name', 'greeter', '--env', 'GREETING=你好', '--timeout', '20', '--memory', '256'],
	]);
	const described = await provesContract(running.url, 'greeter');
	assert.is(described.message, '你好');
	assert.is(described.environment?.RUNTIME_FUNC_NAME, 'greeter');
	assert.is(described.environment?.RUNTIME_USERDATA, '{"GREETING":"你好"}');
	assert.is(described.environment?.RUNTIME_CODE_ROOT, join(EXAMPLES, 'node-http'));
});

test('E-2: the Express example runs, with express from node_modules', async () => {
	await servesExample(join(EXAMPLES, 'node-express'));
});

test('E-3: the Hono example runs, with hono from node_modules', async () => {
	await servesExample(join(EXAMPLES, 'hono'));
});

test('E-4: the Python example runs on the standard library alone', async () => {
	await servesExample(join(EXAMPLES, 'python-http'));
});

test('E-5: the Flask example runs on the Flask of Debian', async () => {
	await servesExample(join(EXAMPLES, 'python-flask'));
});

test('E-6: the Go example is built into one static binary, and runs', async () => {
	await using folder = await copiedFolder(join(EXAMPLES, 'go'));
	build(folder.path);
	await servesExample(folder.path);
});

test('E-7: the Java example is built into a jar, runs, and returns Chinese text unharmed', async () => {
	await using folder = await copiedFolder(join(EXAMPLES, 'java'));
	build(folder.path);
	const described = await servesExample(folder.path);
	assert.is(described.message, 'Hello from Java, 你好');
});

test('E-8: the PHP example runs on the built-in server of PHP', async () => {
	await servesExample(join(EXAMPLES, 'php'));
});

test('X-19: the examples of edge functions, a fetch handler in TypeScript and a hono application, run without a bootstrap', async () => {
	await servesExample(join(EXAMPLES, 'edge-fetch'));
	await servesExample(join(EXAMPLES, 'hono-edge'));
});

test('E-9: every example passes httpfn check, its bootstrap, if any, has mode 644 and no shebang, and all pin what the tests use', async () => {
	const versions = (await readJson(join(EXAMPLES, '../package.json'))) as Packages;
	for (const name of await readdir(EXAMPLES)) {
		const folder = join(EXAMPLES, name);
		const files = await readdir(folder);
		const checked = await runBinary(['check', folder]);
		assert.is(checked.code, 0, `${name}: ${checked.stderr}`);
		if (files.includes('bootstrap')) {
			const bootstrap = await readFile(join(folder, 'bootstrap'), 'utf8');
			assert.not.match(bootstrap, /^#!/, `${name} has a shebang`);
		}
		const pinned = files.includes('package.json')
			? ((await readJson(join(folder, 'package.json'))) as Packages).dependencies
			: {};
		for (const [dependency, version] of Object.entries(pinned)) {
			const installed = versions.dependencies[dependency] ?? versions.devDependencies?.[dependency];
			assert.is(version, installed, `${name}: ${dependency}`);
		}
	}
	const modes = spawnSync('git', ['ls-files', '--stage', 'examples/*/bootstrap'], {
		cwd: join(EXAMPLES, '..'),
		encoding: 'utf8',
	});
	for (const line of modes.stdout.split('\n').filter(Boolean)) assert.match(line, /^100644 /);
});

interface Packages {
	readonly dependencies: Readonly<Record<string, string>>;
	readonly devDependencies?: Readonly<Record<string, string>>;
}

async function readJson(path: string): Promise<unknown> {
	return JSON.parse(await readFile(path, 'utf8'));
}

function build(folder: string): void {
	const done = spawnSync('bash', ['--norc', 'build'], { cwd: folder, encoding: 'utf8' });
	if (done.status !== 0) throw new Error(`the build of ${folder} failed:\n${done.stdout}${done.stderr}`);
}

async function servesExample(folder: string): Promise<Described> {
	await using running = await startFunction(folder, [
		...['--name', 'sample', '--timeout', '20', '--memory', '256'],
	]);
	return await provesContract(running.url, 'sample');
}

/** What every one of the first eight examples does: GET describes the request, POST sends the body back. */
async function provesContract(url: string, name: string): Promise<Described> {
	const answer = await exchange(url, {
		target: TARGET,
		headers: { 'X-CFF-Memory': '1', x_cff_timeout: '1', 'X-Mine': 'kept' },
	});
	assert.is(answer.status, 200, answer.text);
	const described = answer.json as Described;
	assert.is(described.method, 'GET');
	assert.is(described.target, TARGET);
	seesPlatformHeaders(described, answer, name);

	const echoed = await exchange(url, {
		method: 'POST',
		target: '/echo',
		headers: { 'Content-Type': 'text/plain; charset=utf-8' },
		body: CHINESE,
	});
	assert.is(echoed.status, 200);
	assert.match(echoed.header('Content-Type') ?? '', /^text\/plain; ?charset=utf-8$/i);
	assert.ok(echoed.text === CHINESE, 'the body came back changed');
	assert.is.not(echoed.header('X-Cff-Request-Id'), answer.header('X-Cff-Request-Id'));
	return described;
}

function seesPlatformHeaders(described: Described, answer: Answer, name: string): void {
	const pairs = Object.entries(described.headers).map(([key, value]) => [key.toLowerCase(), value]);
	const seen = Object.fromEntries(pairs) as Record<string, string>;
	assert.match(seen['x-cff-request-id'] ?? '', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
	assert.is(answer.header('X-Cff-Request-Id'), seen['x-cff-request-id'] ?? '');
	assert.is(seen['x-cff-memory'], '256');
	assert.is(seen['x-cff-timeout'], '20');
	assert.is(seen['x-cff-func-version'], 'latest');
	assert.is(seen['x-cff-func-name'], name);
	assert.is(seen['x-cff-package'], 'default');
	assert.ok(seen['x-cff-project-id'], 'X-CFF-Project-Id is there');
	assert.ok(seen['x-cff-region'], 'X-CFF-Region is there');
	assert.is(seen['x-real-ip'], '127.0.0.1');
	assert.is(seen['x-forwarded-proto'], 'http');
	assert.is(seen['x-request-id'], seen['x-cff-request-id']?.replaceAll('-', ''));
	assert.is(seen['x-mine'], 'kept');
}

test.run();
