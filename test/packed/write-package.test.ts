import { execFileSync } from 'node:child_process';
import {
	cpSync,
	existsSync,
	lstatSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	statSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isPacked } from '../../src/engine/packed-tail.ts';
import { openPackage } from '../../src/packed/open-package.ts';
import { readRuntimeFile } from '../../src/packed/runtime-file.ts';
import { unpackPackage } from '../../src/packed/unpack-package.ts';
import { ARM64, inFolder, newKey, packHello, rejection, writeFiles, writeRuntime } from './packed-bed.ts';

const test = suite('packing');

const FILES = { bootstrap: 'exec ./run\n', 'run*': '#!/bin/sh\n', 'static/a.txt': 'a', '.env': 'A=1' };

test('Q-1: the same folder gives the same bytes, whenever it was written and wherever it lies, signed or not', () =>
	inFolder(async (folder) => {
		const source = writeFiles(path.join(folder, 'one'), FILES);
		const key = newKey();
		const pack = async (from: string, name: string, more = {}) => {
			await packHello(from, path.join(folder, name), more);
			return readFileSync(path.join(folder, name));
		};
		const first = await pack(source, 'first');
		utimesSync(path.join(source, 'bootstrap'), 1, 1);
		assert.ok(first.equals(await pack(source, 'second')));
		const elsewhere = path.join(folder, 'deeper/down');
		cpSync(source, elsewhere, { recursive: true });
		assert.ok(first.equals(await pack(elsewhere, 'third')));
		const signed = await pack(source, 'fourth', { key });
		assert.not.ok(first.equals(signed));
		assert.ok(signed.equals(await pack(elsewhere, 'fifth', { key })));
		assert.is(statSync(path.join(folder, 'first')).mode & 0o777, 0o755);
		assert.is(first.includes(folder), false);
	}));

test('Q-2: the right to execute, hidden files, empty folders and links within the folder are kept, absolute links as relative ones', () =>
	inFolder(async (folder) => {
		const source = writeFiles(path.join(folder, 'source'), FILES);
		writeFiles(source, { 'node_modules/x/bin.js*': 'x' });
		execFileSync('mkdir', ['-p', path.join(source, 'empty/below'), path.join(source, 'bin')]);
		symlinkSync('../node_modules/x/bin.js', path.join(source, 'bin/x'));
		symlinkSync(path.join(source, 'static/a.txt'), path.join(source, 'bin/a'));
		await packHello(source, path.join(folder, 'packed'));
		await using opened = await openPackage(path.join(folder, 'packed'));
		const unpacked = await unpackPackage(opened, [path.join(folder, 'cache/packed')]);
		const at = (name: string) => path.join(unpacked.folder, 'hello', name);
		assert.equal(
			[at('run'), at('bootstrap'), at('.env')].map((file) => lstatSync(file).mode & 0o777),
			[0o555, 0o444, 0o444],
		);
		assert.is(readlinkSync(at('bin/x')), '../node_modules/x/bin.js');
		assert.is(readlinkSync(at('bin/a')), '../static/a.txt');
		assert.is(readFileSync(at('bin/x'), 'utf8'), 'x');
		assert.equal(readdirSync(at('empty')), ['below']);
	}));

test('Q-3: a link out of the folder, one that leads nowhere and a pipe are refused by name, and no file is left', () =>
	inFolder(async (folder) => {
		const wrong = { out: '/etc/passwd', up: '../..', nowhere: 'missing' };
		for (const [name, target] of Object.entries(wrong)) {
			const source = writeFiles(path.join(folder, name), FILES);
			symlinkSync(target, path.join(source, name));
			const { code, message } = await rejection(packHello(source, path.join(folder, 'packed')));
			assert.is(code, 'ERR_CODE_INVALID', name);
			assert.match(message, name);
		}
		const source = writeFiles(path.join(folder, 'pipe'), FILES);
		execFileSync('mkfifo', [path.join(source, 'fifo')]);
		const { code, message } = await rejection(packHello(source, path.join(folder, 'packed')));
		assert.is(code, 'ERR_CODE_INVALID');
		assert.match(message, 'fifo');
		assert.equal(readdirSync(folder).sort(), ['nowhere', 'out', 'packed.runtime', 'pipe', 'up']);
	}));

test('Q-4: a packed file can be the runtime of another: what was packed into it stays behind', () =>
	inFolder(async (folder) => {
		const source = writeFiles(path.join(folder, 'source'), FILES);
		const first = await packHello(source, path.join(folder, 'first'));
		const runtime = await readRuntimeFile(path.join(folder, 'first'));
		assert.is(runtime.bytes, first.trailer.runtime.bytes);
		await packHello(source, path.join(folder, 'second'), { runtime });
		assert.ok(readFileSync(path.join(folder, 'first')).equals(readFileSync(path.join(folder, 'second'))));
		assert.equal(
			[isPacked(path.join(folder, 'second')), isPacked(runtime.path), isPacked('/none')],
			[true, true, false],
		);
		assert.is(isPacked(path.join(folder, 'first.runtime')), false);
	}));

test('Q-5: a runtime is told by its machine and its mark; what is no httpfn for Linux is refused', () =>
	inFolder(async (folder) => {
		const at = (name: string) => path.join(folder, name);
		const { target, version, commit } = await readRuntimeFile(writeRuntime(at('arm'), { machine: ARM64 }));
		assert.equal([target, version, commit], ['linux-arm64', '1.2.3', 'abc']);
		writeFiles(folder, { text: 'no executable' });
		const broken = readFileSync(writeRuntime(at('broken')));
		// Its program headers are beyond all files.
		broken.writeBigUInt64LE(2n ** 64n - 1n, 32);
		broken.writeUInt16LE(56, 54);
		broken.writeUInt16LE(1, 56);
		writeFileSync(at('broken'), broken);
		const wrong = [
			...[at('text'), at('missing'), folder, process.execPath],
			...[writeRuntime(at('sparc'), { machine: 2 }), at('broken')],
		];
		for (const file of wrong) {
			assert.is((await rejection(readRuntimeFile(file))).code, 'ERR_PACKED_RUNTIME', file);
		}
	}));

test('Q-6: where the file can not be written, that is said, and nothing is left', () =>
	inFolder(async (folder) => {
		const source = writeFiles(path.join(folder, 'source'), FILES);
		const runtime = await readRuntimeFile(writeRuntime(path.join(folder, 'runtime')));
		const output = path.join(folder, 'missing/packed');
		const packing = packHello(source, path.join(folder, 'x'), { runtime, output });
		assert.is((await rejection(packing)).code, 'ERR_PACK_FAILED');
		assert.is(existsSync(output), false);
		const aborted = { signal: AbortSignal.abort(new Error('stopped')), output: path.join(folder, 'late') };
		await rejection(packHello(source, path.join(folder, 'x'), aborted));
		assert.equal(
			readdirSync(folder).filter((name) => name.startsWith('late')),
			[],
		);
	}));

test.run();
