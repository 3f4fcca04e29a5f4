/** The npm package as its users have it: packed, installed into an empty folder without a network, and used on each engine. */
import { spawnSync } from 'node:child_process';
import {
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildPackage } from '../../../scripts/build/package.ts';
import { ENGINE_PATHS, ROOT, runProgram } from '../../../scripts/repository.ts';
import { placeFiles } from '../../../src/edge/place-files.ts';
import { writtenFiles } from '../../../src/edge/written-files.ts';

const test = suite('npm-package');
const folder = mkdtempSync(join(tmpdir(), 'httpfn-package-'));
const built = join(folder, 'npm');
const project = join(folder, 'project');

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
	node: [ENGINE_PATHS.node, '--disable-warning=ExperimentalWarning'],
	bun: [ENGINE_PATHS.bun],
	deno: [ENGINE_PATHS.deno, 'run', '--allow-all', '--no-remote', '--no-lock', '--node-modules-dir=manual'],
};
const FUNCTION = `
import http from 'node:http';
http.createServer((request, response) => {
	console.log('got ' + request.url);
	response.end('hello');
}).listen(8000, '127.0.0.1');
`;
/** Its packages are in its own node_modules, and so is esbuild. */
const EDGE_FUNCTION = `
import { Hono } from 'hono';
const app = new Hono<{ Bindings: Record<string, string> }>();
app.get('/:name', (c) => c.text([c.req.param('name'), c.env.GREETING, process.execPath].join(' ')));
export default app;
`;
const EDGE_PROGRAM = `
import { createRuntime } from 'httpfn';
const [folder, isolation] = process.argv.slice(2);
try {
	const settings = { initTimeout: 60, timeout: 30, env: { GREETING: 'hello' } };
	await using runtime = await createRuntime({ folder, isolation, ...settings });
	const response = await runtime.fetch(new Request('http://a/li'));
	console.log(response.status, await response.text());
} catch (error) {
	console.log(error.code, error.message);
}
`;

test.before(async () => {
	await buildPackage(built);
	const npm = ['npm', '--offline', '--no-audit', '--no-fund', '--no-update-notifier'];
	const options = { cwd: folder, env: { ...process.env, npm_config_cache: join(folder, 'cache') } };
	runProgram([...npm, 'pack', built, '--silent'], options);
	mkdirSync(join(project, 'hello'), { recursive: true });
	writeFileSync(join(project, 'package.json'), '{ "name": "of-a-user", "private": true, "type": "module" }');
	writeFileSync(join(project, 'hello/bootstrap'), 'exec node $RUNTIME_CODE_ROOT/app.mjs\n');
	writeFileSync(join(project, 'hello/app.mjs'), FUNCTION);
	writeFileSync(join(project, 'hello/httpfn.json'), '{ "initTimeout": 60, "timeout": 30 }');
	const archive = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
	runProgram([...npm, 'install', join(folder, archive)], { ...options, cwd: project });
	for (const [name, text] of snippets()) writeFileSync(join(project, name), text);
	writeFileSync(join(project, 'edge.mjs'), EDGE_PROGRAM);
	for (const name of ['edge', 'bare']) {
		mkdirSync(join(project, name, 'node_modules'), { recursive: true });
		writeFileSync(join(project, name, 'index.ts'), EDGE_FUNCTION);
		symlinkSync(join(ROOT, 'node_modules/hono'), join(project, name, 'node_modules/hono'));
	}
	symlinkSync(join(ROOT, 'node_modules/esbuild'), join(project, 'edge/node_modules/esbuild'));
});

test.after(() => rmSync(folder, { recursive: true, force: true }));

/** The programs of the documentation, by the names in their first lines. */
function snippets(): ReadonlyMap<string, string> {
	const page = readFileSync(join(ROOT, 'docs/library.md'), 'utf8');
	const found = [...page.matchAll(/^```js\n\/\/ (\S+)\n([\s\S]*?)^```$/gm)];
	return new Map(found.map(([, name = '', text = '']) => [name, text]));
}

function run(engine: string, argv: readonly string[]): string {
	return runCommand([...(COMMANDS[engine] ?? []), ...argv]);
}

function runCommand([program = '', ...argv]: readonly string[]): string {
	const temporary = join(folder, 'temporary');
	mkdirSync(temporary, { recursive: true });
	const env = { ...process.env, TMPDIR: temporary };
	const done = spawnSync(program, argv, { cwd: project, env, encoding: 'utf8', timeout: 60_000 });
	assert.equal(readdirSync(temporary), []);
	assert.is(done.status, 0, `${program} ${argv.join(' ')}:\n${done.stderr}${done.error?.message ?? ''}`);
	return done.stdout.trim();
}

test('L-19: the package holds one module, what runs edge functions, declarations and texts, and needs no other', () => {
	const files = readdirSync(join(project, 'node_modules/httpfn')).sort();
	assert.equal(files, [
		'LICENSE',
		'README.md',
		'THIRD-PARTY-LICENSES.txt',
		'edge-host.mjs',
		'httpfn.d.ts',
		'httpfn.js',
		'package.json',
	]);
	const manifest = JSON.parse(readFileSync(join(built, 'package.json'), 'utf8')) as Record<string, unknown>;
	assert.equal(
		[manifest.name, manifest.type, manifest.dependencies, manifest.scripts],
		['httpfn', 'module', undefined, undefined],
	);
	assert.equal(
		readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.')),
		['httpfn'],
	);
	const notices = readFileSync(join(built, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
	for (const name of ['zod', 'croner']) assert.match(notices, new RegExp(`^${name}$`, 'm'));
	assert.is(readFileSync(join(built, 'README.md'), 'utf8').includes('.md)'), false);
});

test('L-19: its declarations stand alone, under the strictest rules', () => {
	const program = `
import { createRuntime, type HttpfnError, type Runtime, type RuntimeOptions } from 'httpfn';
const options: RuntimeOptions = { folder: './hello', memory: 256, env: { A: 'b' }, egress: { mode: 'none' } };
export async function main(): Promise<number> {
	await using runtime: Runtime = await createRuntime(options);
	const off: () => void = runtime.on('exit', ({ cause, code }) => cause === 'exited' && code === 3);
	off();
	const { statusCode } = await runtime.invoke({ httpMethod: 'GET', path: '/' });
	const { status } = await runtime.fetch(new Request('http://a/'), { remoteAddress: '192.0.2.1' });
	return statusCode + status;
}
export const codeOf = (error: HttpfnError): string => error.code;
// @ts-expect-error
export const wrong: RuntimeOptions = { folder: '.', memory: 100 };
// @ts-expect-error
export const foreign: RuntimeOptions = { folder: '.', listen: '127.0.0.1:80' };
`;
	writeFileSync(join(project, 'program.ts'), program);
	const options = {
		strict: true,
		exactOptionalPropertyTypes: true,
		target: 'es2022',
		lib: ['es2022', 'esnext.disposable'],
		module: 'nodenext',
		noEmit: true,
		types: ['node'],
		typeRoots: [join(ROOT, 'node_modules/@types')],
	};
	const config = { compilerOptions: options, files: ['program.ts'] };
	writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config));
	const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
	const done = spawnSync(ENGINE_PATHS.node, [tsc, '--project', project], { encoding: 'utf8' });
	assert.is(done.stdout, '');
	assert.is(done.status, 0);
});

test('L-19: importing it starts nothing, and leaves the process as it was', () => {
	// One name is zod's, for all copies of it in a program; the other Deno's, for any package.
	const program = `
		const look = () => [
			Reflect.ownKeys(globalThis).filter((name) => !['__zod_globalConfig', 'nodeBootstrap'].includes(name)).length,
			process.eventNames().length,
		].join(' ');
		const before = look();
		await import('httpfn');
		const after = look();
		console.log(before === after ? 'same' : before + ', then ' + after);
	`;
	writeFileSync(join(project, 'import-alone.mjs'), program);
	for (const engine of Object.keys(COMMANDS)) assert.is(run(engine, ['import-alone.mjs']), 'same', engine);
});

test('L-20: the programs of the documentation do what they say', () => {
	for (const engine of Object.keys(COMMANDS)) assert.is(run(engine, ['answer.mjs']), '200 hello', engine);
	for (const engine of Object.keys(COMMANDS)) assert.is(run(engine, [`${engine}.mjs`]), '200', engine);
	assert.is(run('node', ['events.mjs']), '200 true 1');
	assert.equal([...snippets().keys()].sort(), [
		'answer.mjs',
		'bun.mjs',
		'deno.mjs',
		'events.mjs',
		'node.mjs',
	]);
});

test('L-26: an edge function is run by the engine of the program, in either isolation', () => {
	for (const [engine, [executable]] of Object.entries(COMMANDS)) {
		assert.is(run(engine, ['edge.mjs', 'edge', 'direct']), `200 li hello ${executable}`);
		const isolated = run(engine, ['edge.mjs', 'edge', 'namespace']);
		if (engine === 'deno') assert.match(isolated, /^ERR_ISOLATION_UNAVAILABLE /);
		else assert.is(isolated, '200 li hello /opt/function/runtime/httpfn', engine);
	}
});

test('L-26: where esbuild is not installed it is named, but for what was bundled before', async () => {
	for (const engine of Object.keys(COMMANDS)) {
		assert.match(run(engine, ['edge.mjs', 'bare', 'direct']), /^ERR_EDGE_BUNDLER .*npm install esbuild/);
	}
	const bare = join(project, 'bare');
	const { files } = await writtenFiles({ codeRoot: bare, entry: 'index.ts', external: [] });
	await placeFiles(files, bare);
	for (const [engine, [executable]] of Object.entries(COMMANDS)) {
		assert.is(run(engine, ['edge.mjs', 'bare', 'direct']), `200 li hello ${executable}`);
	}
});

test('L-27: where the engine can not be started with what the package has for it, that is told', () => {
	const bundled = join(project, 'bundled/edge.mjs');
	const esbuild = join(ROOT, 'node_modules/esbuild/bin/esbuild');
	const options = ['--bundle', '--format=esm', '--platform=node', '--log-level=warning'];
	runProgram([esbuild, 'edge.mjs', ...options, `--outfile=${bundled}`], { cwd: project });
	const compiled = join(project, 'compiled');
	runProgram([ENGINE_PATHS.bun, 'build', '--compile', 'edge.mjs', '--outfile', compiled], { cwd: project });
	for (const command of [[ENGINE_PATHS.node, bundled], [ENGINE_PATHS.bun, bundled], [compiled]]) {
		assert.match(runCommand([...command, 'edge', 'direct']), /^ERR_EDGE_BUNDLER /);
	}
});

test.run();
