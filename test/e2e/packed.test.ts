/** Files that httpfn pack makes, as the owner of an appliance starts them. */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { chmod, copyFile, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runBinary, startBinary } from '../harness/binary.ts';
import { exchange } from '../harness/exchange.ts';
import { copiedFolder, functionFolder } from '../harness/function-folder.ts';
import { inside, type Packed, packed } from '../harness/packed-file.ts';

const ARM64 = 183;
const GATED = join(import.meta.dirname, 'gated-function');

const test = suite('packed files');

/** The gated function, packed once for all tests. */
let gated: Promise<Packed> | null = null;

async function packedGated(): Promise<Packed> {
	gated ??= packed(GATED);
	return inside(await functionFolder({}), (await gated).file);
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
	await fails(1, 'ERR_CODE_FOLDER_MISSING', at('missing'), '-o', at('out'));
	await fails(2, 'ERR_CONFIG_INVALID', at('good'), '-o', at('good/out'));
	await fails(1, 'ERR_PACKED_RUNTIME', at('good'), '-o', at('out'), '--runtime', process.execPath);
	await fails(1, 'ERR_PACK_FAILED', at('good'), '-o', at('out'), '--sign', at('missing.pem'));
	await fails(1, 'ERR_PACKED_INVALID', '--info', at('good/bootstrap'));
	assert.equal((await readdir(folder.path)).sort(), ['empty', 'good']);
});

test('Q-50: --target takes a runtime of this version for another machine, and what was packed into it can be read here', async () => {
	await using folder = await functionFolder({});
	const at = (name: string) => join(folder.path, name);
	const { version, commit } = JSON.parse((await runBinary(['version', '--json'])).stdout) as Record<
		string,
		string
	>;
	const header = Buffer.alloc(64);
	header.write('\x7fELF\x02\x01\x01', 'latin1');
	header.writeUInt16LE(ARM64, 18);
	const runtime = (mark: string) => Buffer.concat([header, Buffer.from(`<httpfn-runtime ${mark}>`)]);
	await copyFile(process.env.HTTPFN_BINARY ?? '', at('httpfn'));
	await writeFile(at('httpfn-node-linux-arm64'), runtime(`${version} ${commit}`));
	await writeFile(at('old'), runtime(`0.0.1 ${commit}`));
	const options = { program: at('httpfn'), cwd: folder.path };
	const pack = (...argv: string[]) => runBinary(['pack', GATED, '-o', at('packed'), ...argv], options);
	const done = await pack('--target', 'linux-arm64');
	assert.is(done.code, 0, done.stderr);
	const info = await runBinary(['pack', '--info', at('packed'), '--json']);
	const { runtime: told } = JSON.parse(info.stdout) as { runtime: { target: string; sha256: string } };
	assert.is(told.target, 'linux-arm64');
	const digest = createHash('sha256').update(await readFile(at('httpfn-node-linux-arm64')));
	assert.is(told.sha256, digest.digest('hex'));
	for (const argv of [
		['--target', 'linux-x64-musl'],
		['--runtime', at('old')],
	]) {
		const refused = await pack(...argv);
		assert.is(refused.code, 1);
		assert.match(refused.stderr, 'ERR_PACKED_RUNTIME');
	}
	const wrong = await pack('--target', 'linux-x64', '--runtime', at('httpfn-node-linux-arm64'));
	assert.match(wrong.stderr, /ERR_PACKED_RUNTIME.*linux-arm64/);
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
