import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RuntimeError } from '../../src/contract/errors.ts';
import { writeFolder } from '../../src/template/write-folder.ts';
import { functionFolder } from '../harness/function-folder.ts';

const FILES = new Map([
	['bootstrap', 'exec node index.mjs\n'],
	['src/main.rs', 'fn main() {}\n'],
]);

const test = suite('writing a folder');

/** Every file below `folder` with its text, links followed. */
async function contents(folder: string): Promise<Record<string, string>> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const files = entries.filter((entry) => !entry.isDirectory());
	const pairs = files.map(async ({ parentPath, name }) => {
		const path = join(parentPath, name);
		return [path.slice(folder.length + 1), await readFile(path, 'utf8')] as const;
	});
	return Object.fromEntries(await Promise.all(pairs));
}

async function codeOf(action: Promise<unknown>): Promise<string> {
	return await action.then(
		() => 'none',
		(error: RuntimeError) => error.code,
	);
}

test('T-4: a folder that is not there is made, with those above it; one that is there has to be empty but for .git', async () => {
	await using place = await functionFolder({ 'full/mine': 'kept', 'cloned/.git/HEAD': 'ref' });
	const deep = join(place.path, 'a/b/hello');
	assert.equal(await writeFolder(deep, FILES, false), {
		written: ['bootstrap', 'src/main.rs'],
		replaced: [],
		unchanged: [],
	});
	assert.equal(await contents(deep), Object.fromEntries(FILES));
	const cloned = join(place.path, 'cloned');
	await writeFolder(cloned, FILES, false);
	assert.equal((await readdir(cloned)).sort(), ['.git', 'bootstrap', 'src']);
	const full = join(place.path, 'full');
	assert.is(await codeOf(writeFolder(full, FILES, false)), 'ERR_FOLDER_NOT_EMPTY');
	assert.equal(await contents(full), { mine: 'kept' });
});

test('T-5: with force the rest of a folder stays, what differs is replaced and told, and what a link leads to is left alone', async () => {
	await using place = await functionFolder({
		'here/mine': 'kept',
		'here/src/main.rs': 'fn main() {}\n',
		other: 'theirs',
	});
	const here = join(place.path, 'here');
	await symlink(join(place.path, 'other'), join(here, 'bootstrap'));
	await symlink(join(place.path, 'nowhere'), join(here, 'dangling'));
	spawnSync('mkfifo', [join(here, 'pipe')]);
	const files = new Map([...FILES, ['dangling', 'text'], ['pipe', 'text']]);
	assert.equal(await writeFolder(here, files, true), {
		written: [],
		replaced: ['bootstrap', 'dangling', 'pipe'],
		unchanged: ['src/main.rs'],
	});
	assert.equal(await contents(here), { mine: 'kept', ...Object.fromEntries(files) });
	assert.is(await readFile(join(place.path, 'other'), 'utf8'), 'theirs');
});

test('T-6: where a file cannot have its place, nothing changes and no folder is left', async () => {
	await using place = await functionFolder({ file: 'text', 'taken/bootstrap': 'old' });
	const taken = join(place.path, 'taken');
	await mkdir(join(taken, 'src/main.rs'), { recursive: true });
	await writeFile(join(taken, 'src/main.rs/mine'), 'kept');
	const before = await contents(place.path);
	for (const [folder, force] of [
		[join(place.path, 'file'), false],
		[join(place.path, 'file/below'), false],
		[join(place.path, 'x'.repeat(300)), false],
		[join(place.path, 'new/below', 'x'.repeat(300)), false],
		[taken, true],
	] as const) {
		assert.is(await codeOf(writeFolder(folder, FILES, force)), 'ERR_FOLDER_UNWRITABLE', folder);
	}
	assert.equal(await contents(place.path), before);
	assert.equal((await readdir(place.path)).sort(), ['file', 'taken']);
});

test.run();
