import fs from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Sealer } from '../../src/catalog/sealer.ts';
import { startSource } from '../harness/source-process.ts';
import { inFolder } from './catalog-bed.ts';

const test = suite('Sealer');

function codeOf(action: () => unknown): string {
	try {
		action();
	} catch (error) {
		return String((error as { code?: string }).code);
	}
	return 'none';
}

test('K-51: what was sealed is opened with the same key only, looks different each time, and tells nothing', () =>
	inFolder((folder) => {
		const secret = 'hush 你好';
		const sealed = Sealer.open(folder).seal(secret);
		assert.is(Sealer.open(folder).open(sealed), secret);
		assert.is.not(Sealer.open(folder).seal(secret), sealed);
		assert.not.match(Buffer.from(sealed.slice(3), 'base64').toString('latin1'), 'hush');
		const other = path.join(folder, 'other');
		fs.mkdirSync(other);
		assert.is(
			codeOf(() => Sealer.open(other).open(sealed)),
			'ERR_STATE_UNAVAILABLE',
		);
		for (const text of ['', 'v1:', `${sealed.slice(0, -4)}AAAA`, secret]) {
			assert.is(
				codeOf(() => Sealer.open(folder).open(text)),
				'ERR_STATE_UNAVAILABLE',
			);
		}
	}));

test('K-52: the key has mode 600; one that others may read, or is no key, is refused', () =>
	inFolder((folder) => {
		Sealer.open(folder);
		const file = path.join(folder, 'key');
		assert.is(fs.statSync(file).mode & 0o777, 0o600);
		assert.equal(fs.readdirSync(folder), ['key']);
		fs.chmodSync(file, 0o640);
		assert.is(
			codeOf(() => Sealer.open(folder)),
			'ERR_STATE_UNAVAILABLE',
		);
		fs.chmodSync(file, 0o600);
		fs.writeFileSync(file, 'short');
		assert.is(
			codeOf(() => Sealer.open(folder)),
			'ERR_STATE_UNAVAILABLE',
		);
	}));

test('K-58: of those that make a key at the same time one is first, and all use that one', () =>
	inFolder(async (folder) => {
		const openers = Array.from({ length: 6 }, () => startSource('test/catalog/sealer-process.ts', [folder]));
		const sealed = await Promise.all(
			openers.map(async ({ child, exited }) => {
				child.stdout?.setEncoding('utf8');
				const output = child.stdout?.[Symbol.asyncIterator]();
				assert.is((await output?.next())?.value, 'ready\n');
				return { child, exited, output };
			}),
		);
		for (const { child } of sealed) child.stdin?.end();
		for (const { output, exited } of sealed) {
			const text = String((await output?.next())?.value);
			assert.is(Sealer.open(folder).open(text.trim()), 'hush');
			assert.is((await exited).code, 0);
		}
		assert.equal(fs.readdirSync(folder), ['key']);
	}));

test.run();
