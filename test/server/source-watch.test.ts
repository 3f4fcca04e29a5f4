import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SourceWatch } from '../../src/server/source-watch.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { until } from '../harness/until.ts';

const test = suite('SourceWatch');

test('W-4: files that change together are told once, new folders among them; what tools write is not told', async () => {
	await using folder = await functionFolder({
		'index.js': '1',
		'node_modules/a/index.js': '1',
		'__pycache__/b.pyc': '1',
	});
	const told: (readonly string[])[] = [];
	const watch = await SourceWatch.open(folder.path, (names) => told.push(names));
	const write = async (name: string) => {
		await mkdir(path.dirname(path.join(folder.path, name)), { recursive: true });
		await writeFile(path.join(folder.path, name), '2');
	};
	for (const name of ['node_modules/a/index.js', '__pycache__/b.pyc', 'index.js', 'lib/new.js'])
		await write(name);
	await until('the new file is told', () => (told.flat().includes('lib/new.js') ? true : null));
	assert.equal([...new Set(told.flat())].sort(), ['index.js', 'lib', 'lib/new.js']);
	assert.ok(told.length <= 2, JSON.stringify(told));
	await watch.close();
	await watch.close();
});

test.run();
