import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { requestReload } from '../../src/server/request-reload.ts';
import {
	isServing,
	ownStartTicks,
	readStatus,
	removeStatus,
	type ServeStatus,
	statusPath,
	writeStatus,
} from '../../src/server/serve-status.ts';

interface Context {
	base: string;
	folder: string;
	file: string;
}

const test = suite<Context>('status of serve');
const CONFIG = '/etc/httpfn.yaml';

test.before.each((context) => {
	context.base = fs.mkdtempSync(path.join(os.tmpdir(), 'httpfn-status-'));
	context.folder = path.join(context.base, 'httpfn');
	context.file = statusPath(context.folder, CONFIG);
});
test.after.each(({ base }) => fs.rmSync(base, { recursive: true }));

function status(change: Partial<ServeStatus> = {}): ServeStatus {
	const own = { pid: process.pid, startTicks: ownStartTicks(), config: CONFIG, url: 'http://x' };
	return { ...own, generation: 1, begun: 0, done: 0, outcome: null, ...change };
}

const codeOf = (folder: string): Promise<string> =>
	requestReload(folder, CONFIG).then(
		() => 'reloaded',
		(error: { code: string }) => error.code,
	);

test('U-75: the status is a file of this user alone, in a folder of this user alone, and goes with the process', ({
	folder,
	file,
}) => {
	assert.is(writeStatus(file, status()), null);
	assert.equal([fs.statSync(folder).mode & 0o777, fs.statSync(file).mode & 0o777], [0o700, 0o600]);
	assert.equal(fs.readdirSync(folder), [path.basename(file)]);
	assert.equal(readStatus(file), status());
	removeStatus(file);
	assert.equal(fs.readdirSync(folder), []);
});

test('U-75: another serve that took the file over keeps it', ({ file }) => {
	writeStatus(file, status({ pid: 1 }));
	removeStatus(file);
	assert.is(readStatus(file)?.pid, 1);
});

test('U-75: a folder that others may write, a link and a plain file are neither used nor believed', ({
	base,
	folder,
	file,
}) => {
	writeStatus(file, status());
	fs.chmodSync(folder, 0o777);
	assert.is(readStatus(file), null);
	assert.type(writeStatus(file, status()), 'string');
	fs.chmodSync(folder, 0o700);
	fs.renameSync(folder, path.join(base, 'elsewhere'));
	fs.symlinkSync('elsewhere', folder);
	assert.is(readStatus(file), null);
	assert.type(writeStatus(file, status()), 'string');
	fs.unlinkSync(folder);
	fs.writeFileSync(folder, '');
	assert.type(writeStatus(file, status()), 'string');
});

test('U-75: a folder and a file of another user are not believed', ({ folder, file }) => {
	if (process.getuid?.() !== 0) return;
	writeStatus(file, status());
	fs.chownSync(file, 65_534, 65_534);
	assert.is(readStatus(file), null);
	fs.chownSync(file, 0, 0);
	fs.chownSync(folder, 65_534, 65_534);
	assert.is(readStatus(file), null);
	assert.type(writeStatus(file, status()), 'string');
});

test('U-74: no status, a torn one, one of other shape and a link in its place count as none', async ({
	folder,
	file,
}) => {
	assert.is(await codeOf(folder), 'ERR_NOT_RUNNING');
	writeStatus(file, status());
	for (const text of [
		'',
		'{"pid":',
		'[]',
		JSON.stringify({ ...status(), pid: 0 }),
		JSON.stringify({ pid: 5 }),
	]) {
		fs.writeFileSync(file, text);
		assert.is(readStatus(file), null);
		assert.is(await codeOf(folder), 'ERR_NOT_RUNNING');
	}
	fs.writeFileSync(`${file}.real`, JSON.stringify(status()));
	fs.unlinkSync(file);
	fs.symlinkSync(`${file}.real`, file);
	assert.is(readStatus(file), null);
});

test('U-74: a process that is gone, or a later one with its number, is never signalled', async ({
	folder,
	file,
}) => {
	// A SIGHUP would end this test.
	for (const stale of [
		status({ startTicks: '1' }),
		status({ pid: 2 ** 30 }),
		status({ config: '/other.yaml' }),
	]) {
		writeStatus(file, stale);
		assert.is(await codeOf(folder), 'ERR_NOT_RUNNING');
	}
	assert.is(isServing(status()), true);
});

test.run();
