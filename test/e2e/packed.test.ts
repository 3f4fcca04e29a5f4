/** Files that httpfn pack makes, as the owner of an appliance starts them. */
import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bareRoot } from '../harness/bare-root.ts';
import { runBinary, startBinary } from '../harness/binary.ts';
import { exchange } from '../harness/exchange.ts';
import { copiedFolder, type FunctionFolder, functionFolder } from '../harness/function-folder.ts';

const GATED = join(import.meta.dirname, 'gated-function');

const test = suite('packed files');

/** A folder with the packed file, where it unpacks to, and what belongs to both. */
interface Packed extends AsyncDisposable {
	readonly file: string;
	readonly folder: string;
	readonly environment: Readonly<Record<string, string>>;
}

async function packed(source: string, argv: readonly string[] = []): Promise<Packed> {
	const folder: FunctionFolder = await functionFolder({});
	const file = join(folder.path, 'appliance');
	const { code, stderr } = await runBinary(['pack', source, '-o', file, ...argv], { cwd: folder.path });
	assert.is(code, 0, stderr);
	return inside(folder, file);
}

/** The gated function, packed once for all tests. */
let gated: Promise<Packed> | null = null;

async function packedGated(): Promise<Packed> {
	gated ??= packed(GATED);
	return inside(await functionFolder({}), (await gated).file);
}

async function inside(folder: FunctionFolder, file: string): Promise<Packed> {
	await mkdir(join(folder.path, 'cache'));
	const environment = { XDG_CACHE_HOME: join(folder.path, 'cache'), HTTPFN_LISTEN: '127.0.0.1:0' };
	return {
		file,
		folder: folder.path,
		environment,
		[Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
	};
}

test.after(async () => (await gated)?.[Symbol.asyncDispose]());

test('Q-40: a packed function is served by starting the file without arguments; flags and variables hold as for httpfn run', async () => {
	await using one = await packedGated();
	const options = { program: one.file, environment: { ...one.environment, HTTPFN_ISOLATION: 'direct' } };
	await using running = await startBinary([], options);
	assert.is((await exchange(running.url, { target: '/a?b=1' })).text, 'GET /a?b=1');
	const said = (await exchange(running.url, { target: '/environment' })).json as Record<string, string>;
	assert.is(said.RUNTIME_FUNC_NAME, 'gated-function');
	assert.ok(said.RUNTIME_CODE_ROOT?.startsWith(one.folder), said.RUNTIME_CODE_ROOT);
	await running.stop();
	await using other = await startBinary(['--name', 'other', '--memory', '512'], options);
	const again = (await exchange(other.url, { target: '/environment' })).json as Record<string, string>;
	assert.equal([again.RUNTIME_FUNC_NAME, again.RUNTIME_MEMORY], ['other', '512']);
});

test('Q-41: --httpfn-info tells what is in it, --help what it is, and --httpfn makes it the httpfn that it was made with', async () => {
	await using one = await packedGated();
	const run = (...argv: string[]) => runBinary(argv, { program: one.file, environment: one.environment });
	const info = await run('--httpfn-info', '--json');
	const { name, payload } = JSON.parse(info.stdout) as {
		name: string;
		payload: { items: { name: string; bytes: number }[] };
	};
	assert.is(name, 'gated-function');
	const files = ['gated-function/bootstrap', 'gated-function/index.mjs'];
	assert.equal(
		payload.items.map((item) => item.name),
		files,
	);
	assert.match((await run('--httpfn-info')).stdout, files[0] ?? '');
	assert.is((await runBinary(['pack', '--info', one.file, '--json'])).stdout, info.stdout);
	assert.match((await run('--help')).stdout, 'packed');
	assert.is((await run('--httpfn', 'version')).stdout, (await runBinary(['version'])).stdout);
	const unknown = await run('doctor');
	assert.is(unknown.code, 2);
	assert.match(unknown.stderr, 'ERR_USAGE');
	// Nothing of this unpacks anything.
	assert.equal(await readdir(join(one.folder, 'cache')), []);
});

test('Q-42: code that was changed where it was unpacked is unpacked anew by the next start', async () => {
	await using one = await packedGated();
	const { file: program, environment } = one;
	const start = () => startBinary(['--isolation', 'direct'], { program, environment });
	await (await start()).stop();
	const parent = join(one.folder, 'cache/httpfn/packed');
	const [unpacked = ''] = await readdir(parent);
	const code = join(parent, unpacked, 'gated-function/index.mjs');
	await chmod(code, 0o644);
	await writeFile(code, 'process.exit(1)');
	await using running = await start();
	assert.is((await exchange(running.url)).status, 200);
	assert.ok(running.logText.includes('index.mjs'));
	assert.equal(await readdir(parent), [unpacked]);
});

test('Q-43: where the machine trusts a key nothing else is served, neither by the file nor by run-packed, and no changed byte', async () => {
	const encoding = {
		publicKeyEncoding: { type: 'spki', format: 'pem' },
		privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
	} as const;
	const [key, other] = [0, 1].map(() => generateKeyPairSync('ed25519', encoding));
	await using keys = await functionFolder({
		'KEY.pem': key?.privateKey ?? '',
		'trusted.pub': key?.publicKey ?? '',
		'other.pub': other?.publicKey ?? '',
	});
	const at = (name: string) => join(keys.path, name);
	await using signed = await packed(GATED, ['--sign', at('KEY.pem')]);
	await using unsigned = await packedGated();
	const trusted = { HTTPFN_TRUSTED_KEY: at('trusted.pub'), HTTPFN_ISOLATION: 'direct' };
	{
		const environment = { ...signed.environment, ...trusted };
		await using running = await startBinary([], { program: signed.file, environment });
		assert.is((await exchange(running.url)).status, 200);
		await running.stop();
		await using judged = await startBinary(['run-packed', signed.file], { environment });
		assert.is((await exchange(judged.url)).status, 200);
	}
	const refuses = async (
		argv: readonly string[],
		program: string | null,
		more: Record<string, string> = {},
	) => {
		const environment = { ...signed.environment, ...trusted, ...more };
		const done = await runBinary(argv, { environment, ...(program === null ? {} : { program }) });
		assert.is(done.code, 1, done.stderr);
		assert.match(done.stderr, /ERR_PACKED_(UNTRUSTED|INVALID)/);
	};
	await refuses([], unsigned.file);
	await refuses(['run-packed', unsigned.file], null);
	await refuses(['--trusted-key', at('other.pub')], signed.file);
	await refuses([], signed.file, { HTTPFN_TRUSTED_KEY: at('other.pub') });
	const missing = { ...signed.environment, HTTPFN_TRUSTED_KEY: at('missing.pub') };
	assert.is((await runBinary([], { program: signed.file, environment: missing })).code, 2);
	await flip(signed.file, 1_000_000);
	await refuses(['run-packed', signed.file], null);
});

test('Q-44: a packed file packs too, and the same folder gives the same bytes from another copy of it', async () => {
	await using one = await packedGated();
	await using copy = await copiedFolder(GATED);
	const again = join(one.folder, 'again');
	const config = join(copy.path, '../named.json');
	await writeFile(config, JSON.stringify({ name: 'gated-function' }));
	const argv = ['--httpfn', 'pack', copy.path, '--config', config, '-o', again];
	assert.is((await runBinary(argv, { program: one.file })).code, 0);
	const here = join(one.folder, 'here');
	assert.is((await runBinary(['pack', GATED, '--config', config, '-o', here])).code, 0);
	assert.ok((await readFile(again)).equals(await readFile(here)));
});

test('Q-45: pack refuses what could not run, an output within the folder, and a runtime that is none, and makes no file', async () => {
	await using folder = await functionFolder({ 'empty/readme': '', 'good/bootstrap': 'true\n' });
	const at = (name: string) => join(folder.path, name);
	const fails = async (exitCode: number, code: string, ...argv: string[]) => {
		const done = await runBinary(['pack', ...argv]);
		assert.is(done.code, exitCode, done.stderr);
		assert.match(done.stderr, code);
	};
	await fails(2, 'ERR_USAGE', at('good'));
	await fails(2, 'ERR_USAGE', '-o', at('out'));
	await fails(1, 'ERR_BOOTSTRAP_MISSING', at('empty'), '-o', at('out'));
	await fails(2, 'ERR_CONFIG_INVALID', at('good'), '-o', at('good/out'));
	await fails(1, 'ERR_PACKED_RUNTIME', at('good'), '-o', at('out'), '--runtime', process.execPath);
	await fails(1, 'ERR_PACKED_RUNTIME', at('good'), '-o', at('out'), '--target', 'linux-arm64-musl');
	await fails(1, 'ERR_PACK_FAILED', at('good'), '-o', at('out'), '--sign', at('missing.pem'));
	await fails(1, 'ERR_PACKED_INVALID', '--info', at('good/bootstrap'));
	assert.equal((await readdir(folder.path)).sort(), ['empty', 'good']);
});

const EDGE = {
	'index.ts': `
		import { readFile } from 'node:fs/promises';
		import { greeting } from './lib/greeting.ts';
		export default {
			async fetch(request: Request): Promise<Response> {
				const { pathname } = new URL(request.url);
				if (pathname === '/static') return new Response(await readFile('static/a.txt', 'utf8'));
				return new Response(greeting(pathname));
			},
		};
	`,
	'lib/greeting.ts':
		"import { file } from 'bun';\nexport const greeting = (name: string): string => `hello ${name} ${typeof file}`;\n",
	'static/a.txt': 'the text',
	'httpfn.json': '{"name": "edge"}',
};

test('Q-46: an edge function is bundled when it is packed, to the same bytes from another folder; static files come along, TypeScript does not', async () => {
	await using folder = await functionFolder(EDGE);
	await using another = await copiedFolder(folder.path);
	await using one = await packed(folder.path);
	const again = join(one.folder, 'again');
	assert.is((await runBinary(['pack', another.path, '-o', again])).code, 0);
	assert.ok((await readFile(again)).equals(await readFile(one.file)));
	const { stdout } = await runBinary(['pack', '--info', one.file, '--json']);
	const { payload } = JSON.parse(stdout) as { payload: { items: { name: string }[] } };
	assert.equal(
		payload.items.map(({ name }) => name),
		['.httpfn/index.mjs', '.httpfn/index.mjs.map', 'bootstrap', 'httpfn.json', 'static/a.txt'].map(
			(name) => `edge/${name}`,
		),
	);
});

test('Q-47: an edge function is served in a root file system that holds the file, its C library, /proc, /dev/null and /tmp only', async () => {
	await using folder = await functionFolder(EDGE);
	await using one = await packed(folder.path);
	using root = bareRoot(one.file);
	const environment = { HTTPFN_LISTEN: '127.0.0.1:0' };
	{
		await using running = await startBinary([], root.start({ environment }));
		assert.is((await exchange(running.url, { target: '/static' })).text, 'the text');
		assert.match((await exchange(running.url, { target: '/x' })).text, 'hello /x');
	}
	// Nothing in it can be written: root has a /tmp in memory, and without the right to mount each folder is named.
	const prepare = 'mount -o remount,bind,ro "$ROOT"';
	{
		await using running = await startBinary([], root.start({ environment, prepare }));
		assert.is((await exchange(running.url, { target: '/static' })).text, 'the text');
	}
	const without = { ...environment, _HTTPFN_PRIVATE_MEMORY: 'tried' };
	const refused = await runBinary([], root.start({ environment: without, prepare }));
	assert.is(refused.code, 1);
	assert.match(refused.stderr, /ERR_PACKED_FOLDER.*\/tmp\/httpfn-\d+ can not be made.*EROFS/);
	const full = 'mount -t tmpfs -o size=8k tmpfs "$ROOT/tmp"';
	const outOfRoom = await runBinary([], root.start({ environment: without, prepare: full }));
	assert.is(outOfRoom.code, 1);
	assert.match(outOfRoom.stderr, /ERR_PACKED_FOLDER.*ENOSPC/);
});

test('Q-48: where there is no bash a function with a bootstrap ends at once with ERR_SPAWN_FAILED, and says what is missing', async () => {
	await using one = await packedGated();
	using root = bareRoot(one.file);
	const done = await runBinary([], root.start());
	assert.is(done.code, 1);
	assert.match(done.stderr, /ERR_SPAWN_FAILED.*bash/);
	assert.is(done.stdout, '');
});

test('Q-49: keys in /etc/httpfn/trusted.pub hold without any flag or variable, and one that can not be read lets nothing run', async () => {
	await using one = await packedGated();
	using root = bareRoot(one.file);
	const key = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' });
	await mkdir(join(root.path, 'etc/httpfn'), { recursive: true });
	await writeFile(join(root.path, 'etc/httpfn/trusted.pub'), key);
	const refused = await runBinary([], root.start());
	assert.is(refused.code, 1);
	assert.match(refused.stderr, 'ERR_PACKED_UNTRUSTED');
	await rm(join(root.path, 'etc/httpfn/trusted.pub'));
	await mkdir(join(root.path, 'etc/httpfn/trusted.pub'));
	assert.is((await runBinary([], root.start())).code, 2);
});

async function flip(file: string, at: number): Promise<void> {
	const handle = await open(file, 'r+');
	try {
		const byte = Buffer.alloc(1);
		await handle.read(byte, 0, 1, at);
		byte[0] = (byte[0] ?? 0) ^ 1;
		await handle.write(byte, 0, 1, at);
	} finally {
		await handle.close();
	}
}

test.run();
