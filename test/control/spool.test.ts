/** Bodies kept until they are judged. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Spool } from '../../src/control/spool.ts';

const test = suite('Spool');

async function* pieces(bytes: Buffer, size: number): AsyncIterable<Uint8Array> {
	for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
	const chunks: Uint8Array[] = [];
	// A piece is there until the next is asked for.
	for await (const chunk of source) chunks.push(Buffer.from(chunk));
	return Buffer.concat(chunks);
}

test('A-153: a body is read as often as it is asked for, whole or in part, however long it is, and leaves no name behind', async () => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'httpfn-spool-'));
	for (const bytes of [0, 1, 65_535, 65_536, 65_537, 300_001]) {
		const body = Buffer.alloc(bytes, 'abcdefg');
		const spool = await Spool.read(pieces(body, 10_007), { folder, bytesMax: 1_000_000, digest: true });
		assert.is(spool.bytes, bytes);
		assert.is(spool.sha256, createHash('sha256').update(body).digest('hex'));
		assert.ok(body.equals(await readAll(spool.read())), `${bytes} bytes`);
		assert.ok(body.equals(await spool.whole()));
		const [from, to] = [Math.floor(bytes / 3), Math.floor(bytes / 2)];
		assert.ok(body.subarray(from, to).equals(await readAll(spool.read(from, to))));
		assert.equal(fs.readdirSync(folder), []);
		await spool.close();
		await spool.close();
	}
	fs.rmdirSync(folder);
});

test('A-153: a body that comes by the byte is the same body', async () => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'httpfn-spool-'));
	const body = Buffer.from(Array.from({ length: 80_001 }, (_, at) => at % 251));
	const spool = await Spool.read(pieces(body, 1), { folder, bytesMax: 100_000, digest: false });
	assert.ok(body.equals(await spool.whole()));
	assert.is(spool.sha256, '');
	await spool.close();
	fs.rmdirSync(folder);
});

test('A-153: a body that is too long is refused as soon as that is known, and a folder that can not be written is told', async () => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'httpfn-spool-'));
	const code = async (options: { folder: string; bytesMax: number }) =>
		Spool.read(pieces(Buffer.alloc(200_000), 50_000), { ...options, digest: true }).then(
			() => 'taken',
			(error: { code?: string }) => error.code,
		);
	assert.is(await code({ folder, bytesMax: 199_999 }), 'ERR_CONTROL_BODY_TOO_LARGE');
	assert.is(await code({ folder: path.join(folder, 'none'), bytesMax: 200_000 }), 'ERR_STATE_UNAVAILABLE');
	assert.equal(fs.readdirSync(folder), []);
	fs.rmdirSync(folder);
});

test.run();
