import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runSource } from '../harness/source-process.ts';
import { inFolder } from './catalog-bed.ts';

const test = suite('catalog and a full disk');

const SMALL_DISK = `mount -t tmpfs -o size=1m httpfn "$0" && exec "$@"`;

test('K-31: a write that the disk has no room for is refused whole; reading goes on, and writing when there is room', () =>
	inFolder(async (folder) => {
		const through = ['unshare', '--mount', 'sh', '-c', SMALL_DISK, folder];
		const { stdout, stderr } = await runSource('test/catalog/full-disk-process.ts', [folder], { through });
		assert.ok(stdout !== '', stderr);
		const found = JSON.parse(stdout);
		assert.is(found.code, 'ERR_STATE_UNAVAILABLE');
		assert.match(found.message, /disk is full/);
		assert.is(found.read, 1 + found.taken);
		assert.is(found.counted, found.read);
		assert.is(found.backup, 'ERR_STATE_UNAVAILABLE');
		assert.is(found.written, found.read + 1);
		assert.ok(found.opened === null || found.opened === 'ERR_STATE_UNAVAILABLE', found.opened);
		assert.is(found.count, found.written + 1);
		assert.is(found.integrity, 'ok');
	}));

test.run();
