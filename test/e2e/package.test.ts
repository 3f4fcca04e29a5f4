/** Packages for the cloud, made and judged by the built executable. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { utimes } from 'node:fs/promises';
import path from 'node:path';
import { Uint8ArrayReader, ZipReader } from '@zip.js/zip.js';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Finished, runBinary } from '../harness/binary.ts';
import { functionFolder } from '../harness/function-folder.ts';

const test = suite('package');
const FIT = {
	bootstrap: '/opt/function/runtime/nodejs18.15/rtsp/nodejs/bin/node index.js\n',
	'index.js': '// it',
};
const UNFIT = { bootstrap: '\uFEFFexec node index.js\n', 'index.js': '' };

function httpfn(...argv: string[]): Promise<Finished> {
	return runBinary(argv);
}

test('J-6: package makes the same zip of the same folder, with bootstrap at its root, and tells sizes and limits', async () => {
	await using folder = await functionFolder(FIT);
	await using out = await functionFolder({});
	const results: string[] = [];
	for (const name of ['one.zip', 'two.zip']) {
		const file = path.join(out.path, name);
		const { code, stdout, stderr } = await httpfn('package', folder.path, '-o', file, '--json');
		assert.is(code, 0, stderr);
		const told = JSON.parse(stdout) as Record<string, unknown>;
		const bytes = readFileSync(file);
		assert.equal([told.file, told.packageBytes, told.files, told.findings], [file, bytes.length, 2, []]);
		assert.is(told.digest, createHash('sha512').update(bytes).digest('hex'));
		assert.is((told.limits as Record<string, number>).uploadBytesMax, 52_428_800);
		results.push(bytes.toString('base64'));
		await utimes(path.join(folder.path, 'index.js'), 1, 1);
	}
	assert.is(results[0], results[1]);
	assert.equal(await namesIn(Buffer.from(results[0] ?? '', 'base64')), ['bootstrap', 'index.js']);
	const { stdout } = await httpfn('package', folder.path, '-o', path.join(out.path, 'three.zip'));
	assert.match(stdout, /50\.00 MB.*40\.00 MB.*300\.00 MB\n2 files, .*1500\.00 MB\nSHA-512 [0-9a-f]{128}\n$/);
});

test('J-6: an edge function is packed with its bootstrap and its bundle, and its folder stays as it is', async () => {
	const handler = 'export default { fetch: () => new Response("hello") };';
	await using folder = await functionFolder({ 'index.ts': handler });
	await using out = await functionFolder({});
	const file = path.join(out.path, 'edge.zip');
	const { code, stdout, stderr } = await httpfn('package', folder.path, '-o', file, '--json');
	assert.is(code, 0, stderr);
	const { findings, files } = JSON.parse(stdout) as { findings: unknown[]; files: number };
	const names = await namesIn(readFileSync(file));
	assert.equal(findings, []);
	assert.is(files, names.length);
	for (const name of ['bootstrap', '.httpfn/index.mjs', '.httpfn/host.mjs', 'index.ts']) {
		assert.ok(names.includes(name), name);
	}
	assert.equal(readdirSync(folder.path), ['index.ts']);
});

test('J-7: what can not work in the cloud is refused, unless it is forced; then it is told', async () => {
	await using folder = await functionFolder(UNFIT);
	await using out = await functionFolder({});
	const file = path.join(out.path, 'it.zip');
	const refused = await httpfn('package', folder.path, '-o', file);
	assert.is(refused.code, 1);
	assert.match(refused.stderr, /ERR_CLOUD_UNFIT: .*BOOTSTRAP_BOM/);
	assert.equal(readdirSync(out.path), []);
	const forced = await httpfn('package', folder.path, '-o', file, '--force');
	assert.is(forced.code, 0, forced.stderr);
	assert.match(forced.stdout, /\n {2}fatal BOOTSTRAP_BOM /);
	assert.ok(existsSync(file));
});

test('J-7: a zip in the folder itself, one that can not be written, and a folder without a bootstrap are refused', async () => {
	await using folder = await functionFolder(FIT);
	await using empty = await functionFolder({ 'readme.md': '' });
	const within = await httpfn('package', folder.path, '-o', path.join(folder.path, 'it.zip'));
	assert.equal([within.code, /ERR_PACK_FAILED/.test(within.stderr)], [1, true]);
	const nowhere = await httpfn('package', folder.path, '-o', path.join(folder.path, '../no/such/it.zip'));
	assert.equal([nowhere.code, /ERR_PACK_FAILED/.test(nowhere.stderr)], [1, true]);
	const missing = await httpfn('package', empty.path, '-o', path.join(empty.path, '../it.zip'));
	assert.equal([missing.code, /ERR_BOOTSTRAP_MISSING/.test(missing.stderr)], [1, true]);
	assert.equal(readdirSync(folder.path).sort(), ['bootstrap', 'index.js']);
});

test('J-8: check tells what would go otherwise in the cloud, and fails for it with --cloud alone', async () => {
	await using folder = await functionFolder(UNFIT);
	const plain = await httpfn('check', folder.path);
	assert.is(plain.code, 0);
	assert.match(
		plain.stdout,
		/^OK\n[\s\S]*In the cloud:\n {2}fatal BOOTSTRAP_BOM [^\n]*\n {2}hint BOOTSTRAP_COMMAND /,
	);
	const strict = await httpfn('check', folder.path, '--cloud', '--json');
	assert.is(strict.code, 1);
	const told = JSON.parse(strict.stdout) as {
		ok: boolean;
		cloud: { findings: { code: string; level: string }[] };
	};
	assert.is(told.ok, false);
	assert.equal(
		told.cloud.findings.map(({ level, code }) => `${level} ${code}`),
		['fatal BOOTSTRAP_BOM', 'hint BOOTSTRAP_COMMAND'],
	);
	assert.is((JSON.parse(strict.stderr) as { code: string }).code, 'ERR_CLOUD_UNFIT');
	await using fit = await functionFolder(FIT);
	const clean = await httpfn('check', fit.path, '--cloud');
	assert.is(clean.code, 0);
	assert.is(clean.stdout.includes('In the cloud'), false);
});

async function namesIn(bytes: Buffer): Promise<string[]> {
	const zip = new ZipReader(new Uint8ArrayReader(new Uint8Array(bytes)), { useWebWorkers: false });
	const names = (await zip.getEntries()).map(({ filename }) => filename);
	await zip.close();
	return names;
}

test.run();
