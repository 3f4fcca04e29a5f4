import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeManifest, type Manifest } from '../../src/packed/manifest.ts';
import { openPackage } from '../../src/packed/open-package.ts';
import { packageSigner } from '../../src/packed/package-key.ts';
import { encodeTrailer } from '../../src/packed/trailer.ts';
import { unpackPackage } from '../../src/packed/unpack-package.ts';
import { verifyPackage } from '../../src/packed/verify-package.ts';
import { inFolder, newKey, packHello, rejection, writeFiles } from './packed-bed.ts';

const test = suite('signed packages');

const TRAILER_BYTES = 256;

async function verify(file: string, trustedPem: string): Promise<void> {
	await using opened = await openPackage(file);
	await verifyPackage(opened, [trustedPem], file);
}

test('Q-20: a changed byte is refused wherever it is, in runtime, payload, manifest or trailer, and so is a byte more or less', () =>
	inFolder(async (folder) => {
		const key = newKey();
		const source = writeFiles(path.join(folder, 'source'), { bootstrap: 'true\n' });
		const file = path.join(folder, 'packed');
		await packHello(source, file, { key });
		await verify(file, key.publicPem);
		const whole = readFileSync(file);
		const changed = path.join(folder, 'changed');
		const judge = async (bytes: Buffer, where: string) => {
			writeFileSync(changed, bytes);
			const { code } = await rejection(verify(changed, key.publicPem));
			assert.ok(['ERR_PACKED_INVALID', 'ERR_PACKED_UNTRUSTED'].includes(code), `${where}: ${code}`);
		};
		// Every byte of what is small, and some of the runtime.
		for (let at = 0; at < whole.length; at += at < 4900 ? 97 : 1) {
			const bytes = Buffer.from(whole);
			bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
			await judge(bytes, `byte ${at} of ${whole.length}`);
		}
		await judge(Buffer.concat([whole, Buffer.alloc(1)]), 'a byte more');
		await judge(Buffer.concat([Buffer.alloc(1), whole]), 'a byte more at the start');
		await judge(whole.subarray(0, -1), 'a byte less');
		await judge(whole.subarray(1), 'a byte less at the start');
		await judge(Buffer.alloc(0), 'nothing');
		assert.is((await rejection(verify(folder, key.publicPem))).code, 'ERR_PACKED_INVALID');
	}));

test('Q-21: without a signature, with that of another key, or with that of another package, it is not trusted', () =>
	inFolder(async (folder) => {
		const [key, other] = [newKey(), newKey()];
		const source = writeFiles(path.join(folder, 'source'), { bootstrap: 'true\n' });
		const at = (name: string) => path.join(folder, name);
		const refuses = async (name: string, pem = key.publicPem) =>
			assert.is((await rejection(verify(at(name), pem))).code, 'ERR_PACKED_UNTRUSTED', name);
		await packHello(source, at('unsigned'));
		await refuses('unsigned');
		await packHello(source, at('others'), { key: other });
		await refuses('others');
		await verify(at('others'), `${key.publicPem}${other.publicPem}`);
		await refuses('others', 'no key');
		await refuses('others', newKey('x25519').publicPem);

		const { trailer } = await packHello(source, at('signed'), { key });
		const next = await packHello(writeFiles(at('next'), { bootstrap: 'false\n' }), at('next-signed'), {
			key: other,
		});
		const body = readFileSync(at('next-signed')).subarray(0, -TRAILER_BYTES);
		// The signature of one package under the digests of another, and no signature at all.
		for (const signature of [trailer.signature, null]) {
			writeFileSync(at('mixed'), Buffer.concat([body, encodeTrailer({ ...next.trailer, signature })]));
			await refuses('mixed');
		}
	}));

test('Q-22: the payload of a file that nobody signed is checked all the same before it is unpacked', () =>
	inFolder(async (folder) => {
		const source = writeFiles(path.join(folder, 'source'), { bootstrap: 'true\n' });
		const file = path.join(folder, 'packed');
		const { trailer } = await packHello(source, file);
		const bytes = readFileSync(file);
		const at = trailer.runtime.bytes + 40;
		bytes[at] = (bytes[at] ?? 0) ^ 1;
		writeFileSync(file, bytes);
		await using opened = await openPackage(file);
		const { code } = await rejection(unpackPackage(opened, [path.join(folder, 'cache/packed')]));
		assert.is(code, 'ERR_PACKED_INVALID');
	}));

test('Q-24: a manifest that names files out of the folder, or is of other files than the payload, lets nothing be unpacked', () =>
	inFolder(async (folder) => {
		const source = writeFiles(path.join(folder, 'source'), { bootstrap: 'true\n' });
		const file = path.join(folder, 'packed');
		const { trailer, manifest } = await packHello(source, file);
		const body = readFileSync(file).subarray(0, trailer.runtime.bytes + trailer.payload.bytes);
		const unpackAs = async (forged: Manifest) => {
			const text = encodeManifest(forged);
			const sha256 = createHash('sha256').update(text).digest();
			const end = encodeTrailer({ ...trailer, manifest: { bytes: text.length, sha256 } });
			writeFileSync(file, Buffer.concat([body, text, end]));
			await using opened = await openPackage(file);
			await unpackPackage(opened, [path.join(folder, 'cache/packed')]);
		};
		const outside = writeFiles(folder, { 'outside*': 'x' });
		const item = {
			kind: 'file',
			name: '../../../../outside',
			bytes: 1,
			executable: false,
			sha256: '0'.repeat(64),
		} as const;
		const forgeries: Manifest[] = [
			{ ...manifest, items: [item] },
			{ ...manifest, items: [{ ...item, name: '/etc/passwd' }] },
			{ ...manifest, name: '../x' },
			{ ...manifest, functions: [{ name: 'hello', folder: '../hello' }] },
			{ ...manifest, items: [...manifest.items, { ...item, name: 'hello/more' }] },
			{ ...manifest, items: [] },
		];
		for (const forged of forgeries) {
			const { code } = await rejection(unpackAs(forged));
			assert.is(code, 'ERR_PACKED_INVALID', JSON.stringify(forged));
		}
		assert.is(statSync(path.join(outside, 'outside')).mode & 0o777, 0o755);
		assert.equal(readdirSync(path.join(folder, 'cache/packed')), []);
	}));

test('Q-23: signing takes an Ed25519 private key in PEM, and says what it was given instead', () => {
	const wrong = ['', newKey().publicPem, newKey('x25519').privatePem];
	for (const pem of wrong) {
		assert.throws(
			() => packageSigner(pem, 'KEY.pem'),
			({ code }: { code: string }) => code === 'ERR_PACK_FAILED',
		);
	}
});

test.run();
