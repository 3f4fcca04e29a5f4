/** Packages of code: judged, kept by digest, unpacked whole or not at all. */
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CodePackages, type NewCode } from '../../src/catalog/code-packages.ts';
import { zipOf } from '../harness/zip-of.ts';
import { inFolder } from './catalog-bed.ts';
import { type RawEntry, rawZip } from './raw-zip.ts';

const test = suite('code packages');
const ZIP = { type: 'zip', filename: 'code.zip' } as const;
const BOOTSTRAP = { name: 'bootstrap' };

/** The code of the error and what it says, with nothing left in the state folder. */
async function refused(bytes: Uint8Array, code: NewCode = ZIP): Promise<{ code: string; message: string }> {
	let found = { code: 'taken', message: '' };
	await inFolder(async (folder) => {
		await new CodePackages(folder).store(bytes, code).catch((error) => {
			found = error;
		});
		if (found.code !== 'taken') assert.equal(leftIn(folder), []);
	});
	return found;
}

function leftIn(folder: string): string[] {
	return ['packages', 'code'].flatMap((name) => fs.readdirSync(path.join(folder, name)));
}

test('K-40: a package is kept by its SHA-512, as it was sent and unpacked: readable by all, writable by nobody', () =>
	inFolder(async (folder) => {
		const packages = new CodePackages(folder);
		const script = { name: 'bin/run', mode: 0o100755, bytes: Buffer.from('#!/bin/sh\n') };
		const link = { name: 'current', mode: 0o120777, bytes: Buffer.from('bin/run') };
		const bytes = rawZip([
			BOOTSTRAP,
			{ name: 'bin/', mode: 0o040755, bytes: Buffer.alloc(0), method: 0 },
			script,
			link,
		]);
		const code = await packages.store(bytes, ZIP);
		const digest = createHash('sha512').update(bytes).digest('hex');
		assert.equal(code, { ...ZIP, bytes: bytes.length, digest });
		assert.is(await packages.folder(code), packages.path(code));
		const at = (name: string) => path.join(packages.path(code), name);
		assert.is(fs.readFileSync(at('bootstrap'), 'utf8'), 'true\n');
		assert.is(fs.statSync(at('bootstrap')).mode & 0o777, 0o444);
		assert.is(fs.statSync(at('bin/run')).mode & 0o777, 0o555);
		assert.is(fs.readlinkSync(at('current')), 'bin/run');
		const chunks: Uint8Array[] = [];
		for await (const chunk of packages.read(code)) chunks.push(chunk);
		assert.ok(Buffer.concat(chunks).equals(bytes));
		assert.equal(await packages.store(bytes, ZIP), code);
		assert.equal(leftIn(folder), [digest, digest]);
	}));

test('K-41: an entry that would leave the folder, or is no file, folder or link within it, is refused by its name', async () => {
	const cases: readonly (readonly [string, RawEntry])[] = [
		['../evil', { name: '../evil' }],
		['a/../../evil', { name: 'a/../../evil' }],
		['/etc/evil', { name: '/etc/evil' }],
		['C:/evil', { name: 'C:/evil' }],
		['a\\\\evil', { name: 'a\\evil' }],
		['a//evil', { name: 'a//evil' }],
		['./evil', { name: './evil' }],
		['evil', { name: 'evil\u0000.txt' }],
		['out', { name: 'out', mode: 0o120777, bytes: Buffer.from('../../etc/passwd') }],
		['away', { name: 'away', mode: 0o120777, bytes: Buffer.from('/etc/passwd') }],
		['fifo', { name: 'fifo', mode: 0o010644 }],
		['device', { name: 'device', mode: 0o020644 }],
	];
	for (const [shown, entry] of cases) {
		const { code, message } = await refused(rawZip([BOOTSTRAP, entry]));
		assert.is(code, 'ERR_CODE_INVALID', shown);
		assert.ok(message.includes(shown), `${shown}: ${message}`);
	}
});

test('K-42: names that stand twice, or for a file and for a folder, are refused', async () => {
	const twice = await refused(rawZip([BOOTSTRAP, { name: 'a' }, { name: 'a' }]));
	assert.is(twice.code, 'ERR_CODE_INVALID');
	const both = await refused(rawZip([BOOTSTRAP, { name: 'a' }, { name: 'a/b' }]));
	assert.is(both.code, 'ERR_CODE_INVALID');
	assert.match(both.message, 'a/b');
	const through = [{ name: 'd', mode: 0o120777, bytes: Buffer.from('.') }, { name: 'd/b' }];
	assert.is((await refused(rawZip([BOOTSTRAP, ...through]))).code, 'ERR_CODE_INVALID');
});

test('K-43: what a zip says of itself and is not is refused: checksum, size, local name, encryption, method, cut off', async () => {
	const wrong: readonly (readonly [string, RawEntry])[] = [
		['crc', { name: 'wrong', crc: 1 }],
		['size', { name: 'wrong', claimedBytes: 4 }],
		['local name', { name: 'wrong', localName: 'other' }],
		['encryption', { name: 'wrong', flags: 1 }],
		['method', { name: 'wrong', method: 99 }],
	];
	for (const [what, entry] of wrong) {
		const { code, message } = await refused(rawZip([BOOTSTRAP, entry]));
		assert.is(code, 'ERR_CODE_INVALID', what);
		if (what !== 'local name') assert.ok(message.includes('wrong'), `${what}: ${message}`);
	}
	const whole = rawZip([BOOTSTRAP, { name: 'a' }]);
	for (const bytes of [
		whole.subarray(0, 60),
		whole.subarray(0, -5),
		Buffer.concat([whole, Buffer.from('x')]),
	]) {
		assert.is((await refused(bytes)).code, 'ERR_CODE_INVALID');
	}
	assert.match((await refused(Buffer.from('no zip at all'))).message, 'no zip a');
});

test('K-44: a package that unpacks to far more than it is, is stopped by what comes out, whatever its headers say', async () => {
	const bytes = Buffer.alloc(64 * 1024 * 1024);
	const { code, message } = await refused(rawZip([BOOTSTRAP, { name: 'bomb', bytes }]));
	assert.is(code, 'ERR_CODE_INVALID');
	assert.match(message, 'bomb');
	const lying = await refused(rawZip([BOOTSTRAP, { name: 'bomb', bytes, claimedBytes: 10 }]));
	assert.is(lying.code, 'ERR_CODE_INVALID');
});

test('K-53: a package of more than 50,000 entries is refused, and so is a start file of more than 50 MB', async () => {
	const bytes = Buffer.alloc(0);
	const many = Array.from({ length: 50_001 }, (_, index) => ({ name: `f${index}`, method: 0, bytes }));
	const entries = await refused(rawZip(many));
	assert.is(entries.code, 'ERR_CODE_INVALID');
	assert.match(entries.message, '50000');
	// Packs to a hundredth, which is less than a bomb does.
	const long = Buffer.alloc(50 * 1024 * 1024 + 1, 'x');
	for (let at = 0; at < long.length; at += 10_000) randomBytes(90).copy(long, at);
	const start = await refused(rawZip([{ name: 'bootstrap', bytes: long }]));
	assert.is(start.code, 'ERR_CODE_INVALID');
	assert.match(start.message, `"bootstrap": found ${long.length} bytes`);
});

test('K-54: a zip that is sent as inline code is refused, and so is the reverse: one digest never stands for two folders', () =>
	inFolder(async (folder) => {
		const bytes = rawZip([{ ...BOOTSTRAP, method: 0 }]);
		// Version 1.0: to bash the first line ends before the first NUL.
		bytes.writeUInt16LE(10, 4);
		const inline = { type: 'inline', filename: 'bootstrap' } as const;
		assert.is((await refused(bytes, inline)).code, 'ERR_CODE_INVALID');
		const packages = new CodePackages(folder);
		const code = await packages.store(bytes, ZIP);
		assert.is(fs.readFileSync(path.join(packages.path(code), 'bootstrap'), 'utf8'), 'true\n');
		assert.is((await packages.store(bytes, inline).catch((error) => error)).code, 'ERR_CODE_INVALID');
		const text = Buffer.from('PK\nexec true\n');
		await packages.store(text, inline);
		assert.is((await packages.store(text, ZIP).catch((error) => error)).code, 'ERR_CODE_INVALID');
	}));

test('K-45: a package without a bootstrap that can be started is refused by what was found', async () => {
	const files = async (given: Record<string, string>) => (await refused(await zipOf(given))).code;
	assert.is(await files({ 'bootstrap.sh': 'true' }), 'ERR_BOOTSTRAP_NAME');
	assert.is(await files({ 'app/bootstrap': 'true' }), 'ERR_BOOTSTRAP_NESTED');
	assert.is(await files({ bootstrap: 'true\r\n' }), 'ERR_BOOTSTRAP_CRLF');
	assert.is(await files({ bootstrap: '' }), 'ERR_BOOTSTRAP_EMPTY');
	assert.is(await files({ 'index.js': '1' }), 'ERR_BOOTSTRAP_MISSING');
	assert.is(
		(await refused(await zipOf({ 'Main.class': 'x' }), { type: 'jar', filename: 'a.jar' })).code,
		'ERR_BOOTSTRAP_MISSING',
	);
});

test('K-46: inline code is the bootstrap itself, of at most 10 KB; a package has at most 50 MB', () =>
	inFolder(async (folder) => {
		const inline = { type: 'inline', filename: 'bootstrap' } as const;
		const packages = new CodePackages(folder);
		const code = await packages.store(Buffer.from('exec true\n'), inline);
		assert.is(fs.readFileSync(path.join(packages.path(code), 'bootstrap'), 'utf8'), 'exec true\n');
		assert.is((await refused(Buffer.alloc(10 * 1024 + 1, 'a'), inline)).code, 'ERR_CODE_INLINE_TOO_LARGE');
		assert.is((await refused(Buffer.alloc(50 * 1024 * 1024 + 1))).code, 'ERR_CODE_TOO_LARGE');
	}));

test('K-47: what a crash left half made is removed at the next opening, and code that is missing is unpacked again', () =>
	inFolder(async (folder) => {
		const first = new CodePackages(folder);
		const code = await first.store(await zipOf({ bootstrap: 'true\n' }), ZIP);
		fs.mkdirSync(path.join(folder, 'code', `${'a'.repeat(128)}.part-1`));
		fs.writeFileSync(path.join(folder, 'packages', `${'a'.repeat(128)}.part-1`), 'half');
		fs.rmSync(first.path(code), { recursive: true });
		const second = new CodePackages(folder);
		assert.equal(leftIn(folder), [code.digest]);
		const both = await Promise.all([second.folder(code), second.folder(code)]);
		assert.equal(both, [second.path(code), second.path(code)]);
		assert.equal(leftIn(folder), [code.digest, code.digest]);
		fs.rmSync(second.path(code), { recursive: true });
		fs.rmSync(path.join(folder, 'packages', code.digest));
		const missing = await second.folder(code).catch((error) => error.code);
		assert.is(missing, 'ERR_STATE_UNAVAILABLE');
	}));

test('K-48: packages that no version uses are removed, but not those of the last hour', () =>
	inFolder(async (folder) => {
		const packages = new CodePackages(folder);
		const [used, young, old] = [
			await packages.store(await zipOf({ bootstrap: 'true\n' }), ZIP),
			await packages.store(await zipOf({ bootstrap: 'false\n' }), ZIP),
			await packages.store(await zipOf({ bootstrap: 'exit 1\n' }), ZIP),
		];
		const anHourAgo = new Date(Date.now() - 3_700_000);
		for (const { digest } of [used, old])
			fs.utimesSync(path.join(folder, 'packages', digest), anHourAgo, anHourAgo);
		await packages.collect(new Set([used.digest]));
		assert.equal(leftIn(folder).sort(), [used, used, young, young].map(({ digest }) => digest).sort());
	}));

test('K-55: a package that is stored again while unused ones are removed stays whole', () =>
	inFolder(async (folder) => {
		const packages = new CodePackages(folder);
		const bytes = await zipOf({ bootstrap: 'true\n', 'lib/a': 'a' });
		const { digest } = await packages.store(bytes, ZIP);
		const anHourAgo = new Date(Date.now() - 3_700_000);
		for (let round = 0; round < 20; round++) {
			fs.utimesSync(path.join(folder, 'packages', digest), anHourAgo, anHourAgo);
			const collected = packages.collect(new Set());
			for (let turn = 0; turn < round % 5; turn++) await nextTurn();
			const [code] = await Promise.all([packages.store(bytes, ZIP), collected]);
			const root = await packages.folder(code);
			assert.equal(fs.readdirSync(root).sort(), ['bootstrap', 'lib']);
			assert.is(fs.readFileSync(path.join(root, 'lib/a'), 'utf8'), 'a');
			assert.equal(leftIn(folder), [digest, digest], `round ${round}`);
		}
	}));

test.run();
