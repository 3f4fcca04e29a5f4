/** Packed edge functions, and packed files on a machine that has next to nothing. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bareRoot } from '../harness/bare-root.ts';
import { runBinary, startBinary } from '../harness/binary.ts';
import { exchange } from '../harness/exchange.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { type Packed, packed } from '../harness/packed-file.ts';

const GATED = join(import.meta.dirname, 'gated-function');

const test = suite('packed files on a bare machine');

const EDGE = {
	'index.ts': `
		import { readFile } from 'node:fs/promises';
		import { greeting } from './lib/greeting.ts';
		export default {
			async fetch(request: Request): Promise<Response> {
				const { pathname } = new URL(request.url);
				if (pathname === '/static') return new Response(await readFile('static/a.txt', 'utf8'));
				return new Response(greeting(pathname));
			},
		};
	`,
	'lib/greeting.ts': `
		import { file } from 'bun';
		export const greeting = (name: string): string => ['hello', name, typeof file].join(' ');
	`,
	'static/a.txt': 'the text',
	'httpfn.json': '{"name": "edge"}',
};

/** An edge function, packed once for all tests. */
let edge: Promise<Packed> | null = null;

async function packEdge(): Promise<Packed> {
	await using folder = await functionFolder(EDGE);
	return await packed(folder.path);
}

test.after(async () => (await edge)?.[Symbol.asyncDispose]());

test('Q-46: an edge function is bundled when it is packed, to the same bytes from another folder; static files come along, TypeScript does not', async () => {
	edge ??= packEdge();
	const one = await edge;
	await using another = await functionFolder(EDGE);
	const again = join(one.folder, 'again');
	assert.is((await runBinary(['pack', another.path, '-o', again])).code, 0);
	assert.ok((await readFile(again)).equals(await readFile(one.file)));
	const { stdout } = await runBinary(['pack', '--info', one.file, '--json']);
	const { payload } = JSON.parse(stdout) as { payload: { items: { name: string }[] } };
	assert.equal(
		payload.items.map(({ name }) => name),
		['.httpfn/index.mjs', '.httpfn/index.mjs.map', 'bootstrap', 'httpfn.json', 'static/a.txt'].map(
			(name) => `edge/${name}`,
		),
	);
});

test('Q-47: an edge function is served in a root file system that holds the file, its C library, /proc, /dev/null and /tmp only', async () => {
	edge ??= packEdge();
	using root = bareRoot((await edge).file);
	const environment = { HTTPFN_LISTEN: '127.0.0.1:0' };
	{
		await using running = await startBinary([], root.start({ environment }));
		assert.is((await exchange(running.url, { target: '/static' })).text, 'the text');
		assert.match((await exchange(running.url, { target: '/x' })).text, 'hello /x');
	}
	// Nothing in it can be written: root has a /tmp in memory, and without the right to mount each folder is named.
	const prepare = 'mount -o remount,bind,ro "$ROOT"';
	{
		await using running = await startBinary([], root.start({ environment, prepare }));
		assert.is((await exchange(running.url, { target: '/static' })).text, 'the text');
	}
	const without = { ...environment, _HTTPFN_PRIVATE_MEMORY: 'tried' };
	const refused = await runBinary([], root.start({ environment: without, prepare }));
	assert.is(refused.code, 1);
	assert.match(refused.stderr, /ERR_PACKED_FOLDER.*\/tmp\/httpfn-\d+ can not be made.*EROFS/);
	const full = 'mount -t tmpfs -o size=8k tmpfs "$ROOT/tmp"';
	const outOfRoom = await runBinary([], root.start({ environment: without, prepare: full }));
	assert.is(outOfRoom.code, 1);
	assert.match(outOfRoom.stderr, /ERR_PACKED_FOLDER.*ENOSPC/);
});

test('Q-48: where there is no bash a function with a bootstrap ends at once with ERR_SPAWN_FAILED, and says what is missing', async () => {
	await using one = await packed(GATED);
	using root = bareRoot(one.file);
	const done = await runBinary([], root.start());
	assert.is(done.code, 1);
	assert.match(done.stderr, /ERR_SPAWN_FAILED.*bash/);
	assert.is(done.stdout, '');
});

test('Q-49: keys in /etc/httpfn/trusted.pub hold without any flag or variable, and one that can not be read lets nothing run', async () => {
	await using one = await packed(GATED);
	using root = bareRoot(one.file);
	const key = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' });
	await mkdir(join(root.path, 'etc/httpfn'), { recursive: true });
	await writeFile(join(root.path, 'etc/httpfn/trusted.pub'), key);
	const refused = await runBinary([], root.start());
	assert.is(refused.code, 1);
	assert.match(refused.stderr, 'ERR_PACKED_UNTRUSTED');
	await rm(join(root.path, 'etc/httpfn/trusted.pub'));
	await mkdir(join(root.path, 'etc/httpfn/trusted.pub'));
	assert.is((await runBinary([], root.start())).code, 2);
});

test.run();
