import { chmod, realpath, symlink } from 'node:fs/promises';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { installedBundler } from '../../src/edge/installed-bundler.ts';
import { functionFolder } from '../harness/function-folder.ts';

const test = suite('installed bundler');
const PROGRAM = `@esbuild/${process.platform}-${process.arch}/bin/esbuild`;

test('L-25: esbuild is that of the function, or of a folder above it, else that of the program', async () => {
	const own = `node_modules/${PROGRAM}`;
	await using folder = await functionFolder({
		'node_modules/esbuild/package.json': '{}',
		[own]: '',
		'fn/a': '',
	});
	const program = path.join(folder.path, own);
	await chmod(program, 0o755);
	for (const codeRoot of [folder.path, path.join(folder.path, 'fn')]) {
		assert.is((await installedBundler(codeRoot)).path, await realpath(program));
	}
	await using other = await functionFolder({});
	const ofProgram = path.join(import.meta.dirname, '../../node_modules', PROGRAM);
	assert.is((await installedBundler(other.path)).path, await realpath(ofProgram));
	// One that can not be started is none.
	await chmod(program, 0o644);
	assert.is((await installedBundler(folder.path)).path, await realpath(ofProgram));
});

test('L-25: it is found where a package manager gives each package a folder of its own', async () => {
	const store = 'node_modules/.store/esbuild@1/node_modules';
	await using folder = await functionFolder({
		[`${store}/esbuild/package.json`]: '{}',
		[`${store}/${PROGRAM}`]: '',
	});
	const program = path.join(folder.path, store, PROGRAM);
	await chmod(program, 0o755);
	await symlink('.store/esbuild@1/node_modules/esbuild', path.join(folder.path, 'node_modules/esbuild'));
	assert.is((await installedBundler(folder.path)).path, await realpath(program));
});

test.run();
