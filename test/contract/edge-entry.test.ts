import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FolderEntry } from '../../src/contract/bootstrap-file.ts';
import { edgeEntry, packageSettings } from '../../src/contract/edge-entry.ts';
import { thrownCode } from './thrown-code.ts';

const test = suite('entry of an edge function');

function files(...names: string[]): FolderEntry[] {
	return names.map((name) => ({ name, kind: 'file' }));
}

const NOTHING = packageSettings(null);

test('X-1: the entry is index.ts, .tsx, .mts, .js or .mjs, the first of them that is a file', () => {
	const names = ['index.mjs', 'index.js', 'index.mts', 'index.tsx', 'index.ts'];
	for (const [index, name] of names.entries()) {
		assert.is(edgeEntry(files('main.ts', ...names.slice(0, index + 1)), NOTHING), name);
	}
	assert.is(edgeEntry(files('index.cjs', 'index.d.ts', 'Index.ts'), NOTHING), null);
	assert.is(edgeEntry([{ name: 'index.ts', kind: 'directory' }], NOTHING), null);
});

test('X-1: httpfn.entry of package.json comes before them, and may lie in a folder below', () => {
	const settings = packageSettings('{"httpfn":{"entry":"./src/worker.ts","external":["sharp","@a/b"]}}');
	assert.equal(settings, { entry: 'src/worker.ts', external: ['sharp', '@a/b'] });
	assert.is(edgeEntry(files('index.ts'), settings), 'src/worker.ts');
});

test('X-1: a package.json without such settings, or that is no JSON object, names nothing', () => {
	for (const text of ['{"name":"x"}', '{', '[]', 'null', '"text"', '{"httpfn":{}}']) {
		assert.equal(packageSettings(text), NOTHING, text);
	}
});

test('X-2: settings that are malformed, or lead out of the folder, are ERR_EDGE_ENTRY', () => {
	const bad = [
		...['"index.ts"', '[]', 'null', '{"entry":1}', '{"entry":""}', '{"entry":"."}', '{"entry":"/etc/x.ts"}'],
		...['{"entry":"../x.ts"}', '{"entry":"a/../../x.ts"}', '{"entry":["x.ts"]}'],
		...['{"external":"sharp"}', '{"external":[1]}', '{"external":["--outfile=/x"]}', '{"external":[""]}'],
	];
	for (const value of bad) {
		assert.is(
			thrownCode(() => packageSettings(`{"httpfn":${value}}`)),
			'ERR_EDGE_ENTRY',
			value,
		);
	}
});

test.run();
