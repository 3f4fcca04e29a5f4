import { readdir, readFile, writeFile } from 'node:fs/promises';
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
	const options = { codeRoot: folder.path, entry: 'index.ts', external: [], shownAt: null, bundler };
	const error = await failure(bundleFolder({ ...options, folder: path.join(folder.path, 'out') }));
	assert.is(error.code, 'ERR_EDGE_BUNDLER', error.message);
	const store = new BundleStore(path.join(folder.path, 'none'));
	assert.is((await failure(store.bundle(options))).code, 'ERR_EDGE_BUNDLER');
	await Promise.all([store.close(), bundler.close()]);
});

/** Of the folder that holds it. */
function nameOf(bundle: string): string {
	return path.basename(path.dirname(bundle));
}

test.run();
