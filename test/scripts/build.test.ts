import { spawn, spawnSync } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildConfig } from '../../build.config.ts';
import { checkIntegrity } from '../../scripts/build/base-executable.ts';
import type { BuildResult } from '../../scripts/build/build-all.ts';
import { functionFolder } from '../harness/function-folder.ts';

const ROOT = join(import.meta.dirname, '../..');

const test = suite('build');

const ENTRY = `
declare const HTTPFN_BUILD: { readonly version: string };
const { bytecodeOrderStats } = process.getBuiltinModule('bun:jsc');
const laidOut = bytecodeOrderStats() !== null;
console.log(JSON.stringify([HTTPFN_BUILD.version, process.argv.slice(2), process.env.FROM_DOTENV ?? null, laidOut]));
`;

function script(file: string, ...argv: readonly string[]) {
	return spawnSync(process.execPath, [join('scripts', file), ...argv], { cwd: ROOT, encoding: 'utf8' });
}

test('B-1: engine.mjs runs a script on the pinned Node.js with its arguments, and passes on its exit code and signals', async () => {
	await using folder = await functionFolder({
		'a.ts':
			'const code: number = 7;\nconsole.log(process.version, process.argv[2]);\nprocess.exitCode = code;\n',
		'b.ts':
			"process.once('SIGTERM', () => process.exit(9));\nprocess.kill(process.ppid, 'SIGTERM');\nsetInterval(() => {}, 1000);\n",
	});
	const run = (...argv: readonly string[]) =>
		spawnSync(process.execPath, ['scripts/engine.mjs', ...argv], { cwd: ROOT, encoding: 'utf8' });
	const done = run(join(folder.path, 'a.ts'), 'given');
	assert.is(done.stdout, `${process.version} given\n`);
	assert.is(done.status, 7);
	assert.is(done.stderr, '', 'nothing is set up twice');
	assert.is(run(join(folder.path, 'b.ts')).status, 9);
});

test('B-14: a build writes the flagship, its sums and an SBOM, and the next one leaves what is up to date alone', async () => {
	await using folder = await functionFolder({ 'entry.ts': ENTRY, '.env': 'FROM_DOTENV=taken\n' });
	const argv = ['--entry', join(folder.path, 'entry.ts'), '--outdir', join(folder.path, 'dist')];
	const build = (): BuildResult => {
		const done = script('build.ts', ...argv, '--target', `httpfn-${buildConfig.flagship}`, '--json');
		assert.is(done.status, 0, done.stderr);
		return JSON.parse(done.stdout) as BuildResult;
	};
	const first = build();
	assert.equal(
		first.files.map(({ built, ran }) => [built, ran]),
		[[true, true]],
	);
	const dist = join(folder.path, 'dist');
	const sums = spawnSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: dist, encoding: 'utf8' });
	assert.is(sums.status, 0, sums.stderr);
	assert.match(sums.stdout, /^httpfn: OK$/m);
	const bom = JSON.parse(await readFile(join(dist, 'httpfn.cdx.json'), 'utf8'));
	assert.is(bom.specVersion, '1.6');
	assert.is(bom.components.at(-1).type, 'platform');
	assert.match(bom.components.at(-1).hashes[0].content, /^[0-9a-f]{128}$/);
	const started = spawnSync(join(dist, 'httpfn'), ['a'], { cwd: folder.path, encoding: 'utf8' });
	assert.equal(
		JSON.parse(started.stdout),
		[first.version, ['a'], null, true],
		'it ignores a .env file where it is started, and its bytecode lies as a run of it recorded',
	);
	const { mtimeMs } = await stat(join(dist, 'httpfn'));
	assert.is(build().files[0]?.built, false);
	assert.is((await stat(join(dist, 'httpfn'))).mtimeMs, mtimeMs);
});

test('B-121: the executable on Bun compiles little of its own code until it serves, or until its command begins', async () => {
	await using folder = await functionFolder({ bootstrap: 'exit 1' });
	const environment = { ...process.env, BUN_JSC_verboseOSR: '1' };
	const executable = join(ROOT, 'dist/httpfn-bun');
	const [begin, end] = ['Startup JIT deferral scale set to 8', 'Ending startup JIT deferral window'];
	const version = spawnSync(executable, ['version'], { encoding: 'utf8', env: environment }).stderr;
	assert.ok(version.includes(begin) && version.includes(end));
	const argv = ['run', folder.path, '--listen', '127.0.0.1:0'];
	const server = spawn(executable, argv, { env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
	let said = '';
	for await (const text of server.stderr.setEncoding('utf8')) {
		said += text;
		if (said.includes(end)) break;
	}
	server.kill('SIGKILL');
	assert.ok(said.includes(begin));
	const codeBefore = (output: string) => output.slice(0, output.indexOf(end)).split('Installing ').length;
	assert.ok(codeBefore(said) > 2 * codeBefore(version), 'a server has run most of its start by then');
});

test('B-15: the executable on Node.js takes no options from NODE_OPTIONS, which is the function’s', () => {
	const done = spawnSync(join(ROOT, 'dist/httpfn-node'), ['version'], {
		encoding: 'utf8',
		env: { ...process.env, NODE_OPTIONS: '--no-such-option' },
	});
	assert.is(done.status, 0, done.stderr);
	assert.is(done.stderr, '');
});

test('B-16: an engine that was fetched is refused unless it has the integrity that build.config.ts names', () => {
	const bytes = Buffer.from('a');
	const right =
		'sha512-H0D8ktokFpR1CXnubPWC8tXX0o4YM13gWrxU0FYOD1MChgxlK/CNVgJSql50IQVG82n7u86MEs/HlXsmUv6adQ==';
	checkIntegrity(bytes, right, 'a@1.0.0');
	assert.throws(
		() => checkIntegrity(Buffer.from('b'), right, 'a@1.0.0'),
		/a@1\.0\.0 has integrity sha512-.*wanted sha512-H0D8/,
	);
	for (const { name, base, always } of buildConfig.targets) {
		if (typeof base !== 'string') assert.is(base.integrity === undefined, always, name);
	}
});

test('B-17: every script explains itself with --help', () => {
	for (const file of [
		'build.ts',
		'check.ts',
		'layers.ts',
		'specification.ts',
		'start.ts',
		'test.ts',
		'tidy.ts',
	]) {
		const done = script(file, '--help');
		assert.is(done.status, 0, `${file}: ${done.stderr}`);
		assert.ok(done.stdout.length > 80, file);
	}
	assert.is(script('build.ts', '--target', 'no-such').status, 1);
});

test.run();
