/** A copy of the state folder, taken while it serves, in place of it. */
import { cp, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Finished, runBinary } from '../harness/binary.ts';
import { ControlClient, codeOf } from '../harness/control-client.ts';
import { DeployedHost } from '../harness/deployed-host.ts';
import { exchange } from '../harness/exchange.ts';

const test = suite('backup of the state folder');

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'httpfn-backup-'));
	try {
		await work(folder);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

function backUp(state: string, folder: string): Promise<Finished> {
	return runBinary(['backup', folder, '--state', state, '--json']);
}

function codeOfError({ stderr }: Finished): unknown {
	return JSON.parse(stderr).code;
}

/** What a trigger answers. */
async function ask(host: DeployedHost, invokeUrl: string): Promise<readonly [number, string]> {
	const { origin, host: name, path } = host.trigger(invokeUrl);
	const { status, text } = await exchange(origin, { target: path, headers: { host: name } });
	return [status, text];
}

test('E-132: a backup taken while the server serves is put in place of the state folder, and the function answers', () =>
	inFolder(async (folder) => {
		const copy = join(folder, 'today');
		let url = '';
		let keys: Record<string, string> = {};
		{
			await using host = await DeployedHost.start();
			const user = await runBinary(['user', 'add', 'ada', '--state', host.stateFolder, '--json']);
			keys = JSON.parse(user.stdout);
			const client = new ControlClient(host.control, { accessKey: '', secretKey: '', ...keys });
			await client.create('kept', 'first', { encrypted_user_data: '{"SECRET":"hush"}' });
			await client.call('POST', `fgs/functions/${client.urn('kept')}/versions`, { version: 'v1' });
			url = await client.trigger('kept', '/kept');
			assert.equal(await ask(host, url), [200, 'first']);
			const done = await backUp(host.stateFolder, copy);
			assert.is(done.code, 0, done.stderr);
			const said = JSON.parse(done.stdout);
			assert.equal([said.folder, said.packages], [copy, 1]);
			assert.equal((await readdir(copy)).sort(), ['catalog.db', 'key', 'packages']);
			await client.call('PUT', `fgs/functions/${client.urn('kept')}/code`, await codeOf('second'));
			assert.equal(await ask(host, url), [200, 'second']);
		}
		for (const name of ['catalog.db', 'key']) assert.is((await stat(join(copy, name))).mode & 0o777, 0o600);
		for (const name of ['.', 'packages']) assert.is((await stat(join(copy, name))).mode & 0o777, 0o700);
		const stateFolder = join(folder, 'restored');
		await cp(copy, stateFolder, { recursive: true, preserveTimestamps: true });
		await using host = await DeployedHost.start({ stateFolder });
		assert.equal(await ask(host, url), [200, 'first']);
		const client = new ControlClient(host.control, { accessKey: '', secretKey: '', ...keys });
		const { body } = await client.call('GET', `fgs/functions/${client.urn('kept')}/versions`);
		assert.equal(body.versions.map(({ version }: { version: string }) => version).sort(), ['latest', 'v1']);
	}));

test('E-133: a backup that can not be made leaves nothing, and nothing that was there is touched', () =>
	inFolder(async (folder) => {
		const none = await backUp(join(folder, 'none'), join(folder, 'copy'));
		assert.equal([none.code, codeOfError(none)], [1, 'ERR_STATE_UNAVAILABLE']);
		await using host = await DeployedHost.start();
		await new ControlClient(host.control).create('kept', 'first');
		await mkdir(join(folder, 'there'));
		await writeFile(join(folder, 'there', 'file'), 'kept');
		const there = await backUp(host.stateFolder, join(folder, 'there'));
		assert.equal([there.code, codeOfError(there)], [1, 'ERR_STATE_UNAVAILABLE']);
		const nowhere = await backUp(host.stateFolder, join(folder, 'no', 'where'));
		assert.equal([nowhere.code, codeOfError(nowhere)], [1, 'ERR_STATE_UNAVAILABLE']);
		const [digest = ''] = await readdir(join(host.stateFolder, 'packages'));
		await writeFile(join(host.stateFolder, 'packages', digest), 'damaged');
		const damaged = await backUp(host.stateFolder, join(folder, 'copy'));
		assert.equal([damaged.code, codeOfError(damaged)], [1, 'ERR_STATE_UNAVAILABLE']);
		await rm(join(host.stateFolder, 'packages', digest));
		const missing = await backUp(host.stateFolder, join(folder, 'copy'));
		assert.equal([missing.code, codeOfError(missing)], [1, 'ERR_STATE_UNAVAILABLE']);
		assert.match(missing.stderr, digest);
		assert.equal(await readdir(folder), ['there']);
		assert.equal(await readdir(join(folder, 'there')), ['file']);
		assert.is((await runBinary(['backup'])).code, 2);
	}));

test.run();
