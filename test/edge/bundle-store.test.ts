import {
	chmod,
	lchown,
	mkdir,
	readdir,
	readFile,
	readlink,
	stat,
	symlink,
	writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseBundleHeader } from '../../src/contract/edge-program.ts';
import { bundleFolder } from '../../src/edge/bundle-folder.ts';
import { BundleStore } from '../../src/edge/bundle-store.ts';
import { openBundler } from '../../src/edge/bundler-program.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { failure } from '../process/support.ts';

const test = suite('bundle store');

const SOURCES = {
	'index.ts':
		"import { file } from 'bun';\nimport { where } from './lib/where.ts';\nexport default () => [file, where, Deno.env];\n",
	'lib/where.ts': 'export const where: string = import.meta.url;\n',
};

test('X-14: the same sources make the same bundle, whatever it is told to lie in, and changed ones another', async () => {
	await using folder = await functionFolder(SOURCES);
	await using parent = await functionFolder({});
	const source = { codeRoot: folder.path, entry: 'index.ts', external: [] };
	const [one, other] = [new BundleStore(parent.path), new BundleStore(parent.path)];
	const names: string[] = [];
	for (const store of [one, one, other]) names.push(nameOf((await store.bundle(source)).program.bundle));
	assert.is(new Set(names).size, 1);
	const kept = await one.bundle(source);
	await writeFile(path.join(folder.path, 'lib/where.ts'), "export const where = 'changed';\n");
	const changed = await one.bundle(source);
	assert.is.not(nameOf(changed.program.bundle), names[0]);
	assert.ok(changed.inputs.includes(path.join(folder.path, 'lib/where.ts')));
	await one.keep([changed.program]);
	assert.is((await readdir(path.dirname(path.dirname(kept.program.bundle)))).length, 1);
	await Promise.all([one.close(), other.close()]);
	assert.equal(await readdir(parent.path), []);
});

test('X-11: a bundle tells its entry, and which globals the author’s own files name; packages are not looked at', async () => {
	await using folder = await functionFolder({
		...SOURCES,
		'plain.js': "import 'left';\nexport default () => new Response('Bun');\n",
		'node_modules/left/package.json': '{"name":"left","main":"main.js"}',
		'node_modules/left/main.js': 'if (typeof Bun !== "undefined") Bun.gc();\n',
	});
	const store = new BundleStore();
	const headerOf = async (entry: string) => {
		const { program } = await store.bundle({ codeRoot: folder.path, entry, external: [] });
		return parseBundleHeader(await readFile(program.bundle, 'utf8'));
	};
	assert.equal(await headerOf('index.ts'), { entry: 'index.ts', globals: ['Bun', 'Deno'] });
	assert.equal(await headerOf('plain.js'), { entry: 'plain.js', globals: [] });
	await store.close();
});

test('X-12: what can not be bundled is ERR_EDGE_BUILD with file and line', async () => {
	await using folder = await functionFolder({ 'index.ts': 'export default (;\n' });
	const store = new BundleStore();
	const error = await failure(store.bundle({ codeRoot: folder.path, entry: 'index.ts', external: [] }));
	assert.is(error.code, 'ERR_EDGE_BUILD');
	assert.match(error.message, /index\.ts:1:16/);
	await store.close();
});

test('X-18: a bundle that can not be written is ERR_EDGE_BUNDLER, no fault of the sources', async () => {
	await using folder = await functionFolder({
		'index.ts': 'export default () => 1;\n',
		'out/index.mjs/taken': '',
	});
	const bundler = await openBundler();
	const options = { codeRoot: folder.path, entry: 'index.ts', external: [], shownAs: null, bundler };
	const error = await failure(bundleFolder({ ...options, folder: path.join(folder.path, 'out') }));
	assert.is(error.code, 'ERR_EDGE_BUNDLER', error.message);
	const store = new BundleStore(path.join(folder.path, 'none'));
	assert.is((await failure(store.bundle(options))).code, 'ERR_EDGE_BUNDLER');
	await Promise.all([store.close(), bundler.close()]);
});

test('X-18: what could not be bundled leaves nothing, and a link of somebody else’s is no leftover', async () => {
	await using folder = await functionFolder({ 'index.ts': 'export default (;\n' });
	await using parent = await functionFolder({});
	const space = (await readlink('/proc/self/ns/pid')).replaceAll(/\D/g, '');
	// No process has this number.
	const link = path.join(parent.path, `httpfn-edge-${space}-${2 ** 30}-link`);
	await symlink(os.homedir(), link);
	const foreign = process.getuid?.() === 0;
	if (foreign) await lchown(link, 1003, 1003);
	const store = new BundleStore(parent.path);
	for (let tries = 0; tries < 2; tries += 1) {
		await failure(store.bundle({ codeRoot: folder.path, entry: 'index.ts', external: [] }));
	}
	const left = await readdir(parent.path);
	assert.is(left.includes(path.basename(link)), foreign);
	const own = left.find((name) => name !== path.basename(link)) ?? '';
	assert.equal(await readdir(path.join(parent.path, own)), []);
	await store.close();
});

test('X-22: a code root and a temporary folder that are links are bundled as what they name', async () => {
	await using folder = await functionFolder({
		'deep/function/index.ts':
			"import { file } from 'bun';\nimport { one } from '../../one.ts';\nexport default () => [file, one];\n",
		'one.ts': 'export const one = 1;\n',
	});
	await using links = await functionFolder({});
	const [codeRoot, temporary] = [path.join(links.path, 'code'), path.join(links.path, 'tmp')];
	await symlink(path.join(folder.path, 'deep/function'), codeRoot);
	await mkdir(path.join(folder.path, 'tmp'));
	await symlink(path.join(folder.path, 'tmp'), temporary);
	const bundler = await openBundler();
	const made = await bundleFolder({
		...{ codeRoot, entry: 'index.ts', external: [], shownAs: '.httpfn', bundler },
		folder: path.join(temporary, 'bundle'),
	});
	await bundler.close();
	assert.ok(made.inputs.includes(path.join(folder.path, 'one.ts')));
	const bundle = path.join(temporary, 'bundle/index.mjs');
	assert.equal(parseBundleHeader(await readFile(bundle, 'utf8'))?.globals, ['Bun']);
	const { sources } = JSON.parse(await readFile(`${bundle}.map`, 'utf8')) as { sources: string[] };
	assert.equal(sources.sort(), ['../../../one.ts', '../index.ts', 'bun']);
});

test('X-23: a bundler that does not end is ended, and its sources are to blame', async () => {
	await using folder = await functionFolder({ 'index.ts': '', endless: '#!/bin/sh\nexec sleep 1000\n' });
	const program = path.join(folder.path, 'endless');
	await chmod(program, 0o700);
	const error = await failure(
		bundleFolder({
			...{ codeRoot: folder.path, entry: 'index.ts', external: [], shownAs: null, timeoutMs: 50 },
			folder: path.join(folder.path, 'out'),
			bundler: { path: program, close: async () => {} },
		}),
	);
	assert.is(error.code, 'ERR_EDGE_BUILD');
	assert.match(error.message, 'had not ended after 0.05 s');
});

test('X-24: whatever the umask is, every user can read a bundle', async () => {
	await using folder = await functionFolder({ 'index.ts': 'export default () => 1;\n' });
	const store = new BundleStore();
	const before = process.umask(0o077);
	try {
		const { program } = await store.bundle({ codeRoot: folder.path, entry: 'index.ts', external: [] });
		const modes = [path.dirname(program.bundle), program.bundle].map(async (name) => (await stat(name)).mode);
		assert.equal(
			(await Promise.all(modes)).map((mode) => mode & 0o777),
			[0o755, 0o644],
		);
	} finally {
		process.umask(before);
		await store.close();
	}
});

/** Of the folder that holds it. */
function nameOf(bundle: string): string {
	return path.basename(path.dirname(bundle));
}

test.run();
