import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CodePackages } from '../../src/catalog/code-packages.ts';
import { zipFolder } from '../../src/catalog/zip-folder.ts';
import { inFolder } from './catalog-bed.ts';

const test = suite('zipping a folder');

function write(folder: string, name: string, text: string, mode = 0o644): void {
	const file = path.join(folder, name);
	fs.mkdirSync(path.dirname(file), { recursive: true });
	fs.writeFileSync(file, text, { mode });
}

test('K-49: the same folder gives the same bytes, with hidden files, links within it and the right to execute', () =>
	inFolder(async (folder) => {
		const source = path.join(folder, 'source');
		write(source, 'bootstrap', 'true\n');
		write(source, '.env', 'A=1');
		write(source, 'bin/run', 'x', 0o755);
		fs.symlinkSync('bin/run', path.join(source, 'current'));
		const seen: number[] = [];
		const zip = await zipFolder(source, { onProgress: (bytes) => seen.push(bytes) });
		fs.utimesSync(path.join(source, 'bootstrap'), 1, 1);
		assert.ok(zip.equals(await zipFolder(source)));
		assert.is(seen.at(-1), 'true\n'.length + 3 + 1 + 1);
		const packages = new CodePackages(folder);
		const code = await packages.store(zip, { type: 'zip', filename: 'a.zip' });
		const at = (name: string) => path.join(packages.path(code), name);
		assert.equal(fs.readdirSync(packages.path(code)).sort(), ['.env', 'bin', 'bootstrap', 'current']);
		assert.is(fs.statSync(at('bin/run')).mode & 0o111, 0o111);
		assert.is(fs.readFileSync(at('current'), 'utf8'), 'x');
	}));

test('K-50: a link out of the folder, one that leads nowhere, one to a folder above itself, and a pipe are refused by name', () =>
	inFolder(async (folder) => {
		const targets = { out: '/etc/passwd', nowhere: 'missing', above: '.' };
		for (const [name, target] of Object.entries(targets)) {
			const source = path.join(folder, name);
			write(source, 'bootstrap', 'true\n');
			fs.symlinkSync(target, path.join(source, name));
			const { code, message } = await zipFolder(source).catch((error) => error);
			assert.is(code, 'ERR_CODE_INVALID', name);
			assert.match(message, name);
		}
	}));

test('K-57: an empty folder is packed too; a name that no server takes is refused by name, and so is more than 50 MB', () =>
	inFolder(async (folder) => {
		const source = path.join(folder, 'source');
		write(source, 'bootstrap', 'true\n');
		fs.mkdirSync(path.join(source, 'static/empty'), { recursive: true });
		const packages = new CodePackages(folder);
		const code = await packages.store(await zipFolder(source), { type: 'zip', filename: 'a.zip' });
		assert.equal(fs.readdirSync(path.join(packages.path(code), 'static')), ['empty']);
		write(source, 'large', '');
		fs.writeFileSync(path.join(source, 'large'), randomBytes(51 * 1024 * 1024));
		assert.is((await zipFolder(source).catch((error) => error)).code, 'ERR_CODE_TOO_LARGE');
		fs.rmSync(path.join(source, 'large'));
		write(source, 'a\\b', '');
		const { code: refused, message } = await zipFolder(source).catch((error) => error);
		assert.is(refused, 'ERR_CODE_INVALID');
		assert.match(message, 'a\\\\b');
	}));

test.run();
