import {
	chmodSync,
	chownSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { libc } from '../../src/engine/libc.ts';
import { openPackage } from '../../src/packed/open-package.ts';
import { type Unpacked, unpackPackage } from '../../src/packed/unpack-package.ts';
import { inFolder, packHello, rejection, writeFiles } from './packed-bed.ts';

const test = suite('unpacking');

interface Bed {
	readonly folder: string;
	readonly parent: string;
	/** As a start does it. */
	unpack(file?: string, folders?: readonly string[]): Promise<Unpacked>;
	/** A file of the function, as it was unpacked. */
	at(unpacked: Unpacked, name: string): string;
}

function inBed(run: (bed: Bed) => Promise<void>): Promise<void> {
	return inFolder(async (folder) => {
		const source = writeFiles(path.join(folder, 'source'), {
			bootstrap: 'true\n',
			'lib/a.js': 'a',
			'run*': 'x',
		});
		symlinkSync('lib/a.js', path.join(source, 'link'));
		await packHello(source, path.join(folder, 'packed'));
		const parent = path.join(folder, 'cache/packed');
		await run({
			folder,
			parent,
			unpack: async (file = path.join(folder, 'packed'), folders = [parent]) => {
				await using opened = await openPackage(file);
				return await unpackPackage(opened, folders);
			},
			at: (unpacked, name) => path.join(unpacked.folder, 'hello', name),
		});
	});
}

test('Q-10: the folder is private and named by name and digest; what is whole is used again', () =>
	inBed(async ({ folder, parent, unpack, at }) => {
		const mask = process.umask(0o077);
		const first = await unpack().finally(() => process.umask(mask));
		assert.is(first.repaired, null);
		assert.match(path.basename(first.folder), /^hello@[0-9a-f]{64}$/);
		assert.equal(
			[parent, path.dirname(parent)].map((of) => statSync(of).mode & 0o777),
			[0o700, 0o700],
		);
		// A function may be another user than httpfn.
		assert.equal(
			['', 'lib'].map((name) => statSync(at(first, name)).mode & 0o777),
			[0o755, 0o755],
		);
		const { ino } = statSync(at(first, 'bootstrap'));
		const again = await unpack();
		assert.equal([again.folder, again.repaired], [first.folder, null]);
		assert.is(statSync(at(again, 'bootstrap')).ino, ino);
		assert.equal(readdirSync(parent), [path.basename(first.folder)]);
		assert.equal(readdirSync(folder).sort(), ['cache', 'packed', 'packed.runtime', 'source']);
	}));

test('Q-11: content, rights, files and links that were changed, added or removed since are found, and never run', () =>
	inBed(async ({ unpack, at }) => {
		const changes: Record<string, (found: Unpacked) => void> = {
			content: (found) => overwrite(at(found, 'lib/a.js'), 'b'),
			rights: (found) => chmodSync(at(found, 'run'), 0o444),
			'writable by all': (found) => chmodSync(at(found, 'run'), 0o777),
			'a new file': (found) => writeFileSync(at(found, 'lib/b.js'), ''),
			'a new folder': (found) => mkdirSync(at(found, 'lib/c')),
			'a file less': (found) => rmSync(at(found, 'run')),
			'a folder less': (found) => rmSync(at(found, 'lib'), { recursive: true }),
			'a link elsewhere': (found) => exchange(at(found, 'link'), 'run'),
			'a file that is a link': (found) => exchange(at(found, 'run'), 'lib/a.js'),
			'a folder that is a link': (found) => exchange(at(found, 'lib'), '/'),
			...(process.geteuid?.() === 0 && {
				'another owner': (found: Unpacked) => chownSync(at(found, 'run'), 1234, 1234),
			}),
			'half of it': (found) => rmSync(path.join(found.folder, 'hello'), { recursive: true }),
		};
		for (const [name, change] of Object.entries(changes)) {
			const before = await unpack();
			before.release();
			change(before);
			const found = await unpack();
			found.release();
			assert.type(found.repaired, 'string', name);
			assert.is(readFileSync(at(found, 'lib/a.js'), 'utf8'), 'a', name);
			assert.equal(readdirSync(at(found, 'lib')), ['a.js'], name);
			assert.is(found.folder, before.folder, name);
		}
	}));

test('Q-12: many that start at once end up with one whole folder and no half ones', () =>
	inBed(async ({ parent, unpack }) => {
		const found = await Promise.all(Array.from({ length: 8 }, () => unpack()));
		assert.equal(new Set(found.map(({ folder }) => folder)).size, 1);
		assert.equal(readdirSync(parent), [path.basename(found[0]?.folder ?? '')]);
	}));

test('Q-13: a folder that can not be had is passed over; where none can, each is named with the reason', () =>
	inBed(async ({ folder, parent, unpack }) => {
		writeFiles(folder, { file: '' });
		const blocked = [path.join(folder, 'file/packed'), path.join(folder, 'missing/below/packed')];
		mkdirSync(path.join(folder, 'open'), { mode: 0o777 });
		chmodSync(path.join(folder, 'open'), 0o777);
		symlinkSync('elsewhere', path.join(folder, 'leads'));
		mkdirSync(path.join(folder, 'elsewhere'));
		const unfit = [...blocked, path.join(folder, 'open/packed'), path.join(folder, 'leads/packed')];
		assert.is(path.dirname((await unpack(undefined, [...unfit, parent])).folder), parent);
		const { code, message } = await rejection(unpack(undefined, unfit));
		assert.is(code, 'ERR_PACKED_FOLDER');
		for (const name of ['file', 'missing/below', 'open', 'leads'])
			assert.match(message, path.join(folder, name));
	}));

test('Q-14: what other versions unpacked is removed when nobody uses it, and kept where nobody can tell', () =>
	inBed(async ({ folder, parent, unpack }) => {
		const first = await unpack();
		first.release();
		mkdirSync(path.join(parent, '.part-killed'));
		mkdirSync(path.join(parent, 'another@0'));
		const source = writeFiles(path.join(folder, 'next'), { bootstrap: 'false\n' });
		await packHello(source, path.join(folder, 'packed-next'));
		const next = await unpack(path.join(folder, 'packed-next'));
		const kept = libc() === null ? ['.part-killed', path.basename(first.folder)] : [];
		assert.equal(readdirSync(parent).sort(), [...kept, 'another@0', path.basename(next.folder)].sort());
	}));

test('Q-15: what another process uses stays where it is, also when it has been changed: a second one is unpacked beside it', () =>
	inBed(async ({ parent, unpack, at }) => {
		const used = await unpack();
		overwrite(at(used, 'lib/a.js'), 'b');
		const found = await unpack();
		assert.is(readFileSync(at(found, 'lib/a.js'), 'utf8'), 'a');
		// Without calls of the C library there are no locks: it is replaced.
		const locks = libc() !== null;
		assert.is(found.folder, locks ? `${used.folder}+1` : used.folder);
		assert.is(readFileSync(at(used, 'lib/a.js'), 'utf8'), locks ? 'b' : 'a');
		assert.is(readdirSync(parent).length, locks ? 2 : 1);
	}));

function exchange(file: string, target: string): void {
	rmSync(file, { recursive: true });
	symlinkSync(target, file);
}

function overwrite(file: string, text: string): void {
	const { mode } = statSync(file);
	chmodSync(file, 0o644);
	writeFileSync(file, text);
	chmodSync(file, mode & 0o777);
}

test.run();
