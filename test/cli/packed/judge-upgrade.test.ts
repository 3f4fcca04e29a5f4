import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { judgeUpgrade } from '../../../src/cli/packed/judge-upgrade.ts';
import { inFolder, newKey, packHello, rejection, writeFiles } from '../../packed/packed-bed.ts';

const test = suite('judge-upgrade');

test('Q-51: a packed file that is to take over is judged by every byte, and by its signature where somebody is trusted', () =>
	inFolder(async (folder) => {
		const [key, other] = [newKey(), newKey()];
		const source = writeFiles(path.join(folder, 'source'), { bootstrap: 'true\n' });
		const file = path.join(folder, 'packed');
		const { trailer } = await packHello(source, file, { key });
		assert.equal(await judgeUpgrade(file, [], false), ['--httpfn']);
		assert.equal(await judgeUpgrade(file, [key.publicPem], true), ['--httpfn']);
		const untrusted = await rejection(judgeUpgrade(file, [key.publicPem, other.publicPem], false));
		assert.is(untrusted.code, 'ERR_PACKED_UNTRUSTED');
		const whole = readFileSync(file);
		const payload = trailer.runtime.bytes;
		const manifest = payload + trailer.payload.bytes;
		for (const at of [100, payload + 40, manifest + 1, whole.length - 1]) {
			const bytes = Buffer.from(whole);
			bytes[at] = (bytes[at] ?? 0) ^ 1;
			writeFileSync(file, bytes);
			const { code } = await rejection(judgeUpgrade(file, [], false));
			assert.is(code, 'ERR_PACKED_INVALID', `byte ${at} of ${whole.length}`);
		}
	}));

test('Q-51: httpfn without a package is taken, but not where a key is asked for', () =>
	inFolder(async (folder) => {
		const file = path.join(folder, 'packed');
		await packHello(writeFiles(path.join(folder, 'source'), { bootstrap: 'true\n' }), file);
		const plain = `${file}.runtime`;
		assert.equal(await judgeUpgrade(plain, [newKey().publicPem], false), []);
		assert.is((await rejection(judgeUpgrade(plain, [], true))).code, 'ERR_PACKED_INVALID');
	}));

test.run();
