/** The state folder on a disk that fills up: changes are refused, functions go on, and changes are taken again when there is room. */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Called, ControlClient } from '../harness/control-client.ts';
import { DeployedHost } from '../harness/deployed-host.ts';
import { exchange } from '../harness/exchange.ts';

const test = suite('a full disk under the state folder');

/** A disk that only the server and its children see. */
const SMALL_DISK = 'mount -t tmpfs -o size=2m httpfn "$0" && exec "$@"';
const CHANGES_MAX = 500;

/** Takes all that is left of the disk. */
function fill(ballast: string): void {
	const descriptor = openSync(ballast, 'w');
	for (const bytes of [65_536, 4096, 1]) {
		try {
			while (writeSync(descriptor, Buffer.alloc(bytes)) > 0);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
		}
	}
	closeSync(descriptor);
}

/** How many changes were taken before the first that was not, and that one. */
async function untilRefused(
	change: (index: number) => Promise<Called>,
): Promise<{ taken: number; refusal: Called }> {
	for (let taken = 0; taken < CHANGES_MAX; taken += 1) {
		const answer = await change(taken);
		if (answer.status >= 300) return { taken, refusal: answer };
	}
	throw new Error(`${CHANGES_MAX} changes were taken on a full disk`);
}

async function ask(host: DeployedHost, invokeUrl: string): Promise<readonly [number, string]> {
	const { origin, host: name, path } = host.trigger(invokeUrl);
	const { status, text } = await exchange(origin, { target: path, headers: { host: name } });
	return [status, text];
}

test('E-135: on a full disk changes are FSS.1302 and functions go on answering; with room again changes are taken', async () => {
	const disk = await mkdtemp(join(tmpdir(), 'httpfn-disk-'));
	try {
		const prefix = ['unshare', '--mount', 'sh', '-c', SMALL_DISK, disk];
		await using host = await DeployedHost.start({ stateFolder: join(disk, 'state'), prefix });
		const ballast = `/proc/${host.running.pid}/root${disk}/ballast`;
		const client = new ControlClient(host.control);
		const urls: string[] = [];
		for (const name of ['warm', 'cold']) {
			assert.is((await client.create(name, name)).status, 200);
			urls.push(await client.trigger(name, `/${name}`));
		}
		const [warm = '', cold = ''] = urls;
		assert.equal(await ask(host, warm), [200, 'warm']);

		fill(ballast);
		const made = await untilRefused((index) => client.create(`full-${index}`, 'full'));
		assert.equal([made.refusal.status, made.refusal.code], [500, 'FSS.1302']);
		const warmConfig = (description: string) => ({
			...{ func_name: 'warm', runtime: 'http', timeout: 10, handler: 'bootstrap', memory_size: 128 },
			description,
		});
		const path = `fgs/functions/${client.urn('warm')}/config`;
		const changed = await untilRefused((index) => client.call('PUT', path, warmConfig(`${index}`)));
		assert.equal([changed.refusal.status, changed.refusal.code], [500, 'FSS.1302']);
		assert.equal(await ask(host, warm), [200, 'warm']);
		assert.equal(await ask(host, cold), [200, 'cold'], 'one that was never called starts');
		const kept = changed.taken === 0 ? '' : `${changed.taken - 1}`;
		assert.is((await client.call('GET', path)).body.description, kept, 'the refused change is not there');

		rmSync(ballast);
		assert.is((await client.create('after', 'after')).status, 200);
		assert.is((await client.call('PUT', path, warmConfig('after'))).status, 200);
		assert.equal(await ask(host, await client.trigger('after', '/after')), [200, 'after']);
		const { body } = await client.call('GET', 'fgs/functions?maxitems=400');
		assert.is(body.functions.length, 3 + made.taken, 'what was refused is not there');

		fill(ballast);
		assert.equal(await ask(host, warm), [200, 'warm']);
		assert.is((await host.running.stop()).code, 0, 'it ends well on a full disk, too');
	} finally {
		await rm(disk, { recursive: true, force: true });
	}
});

test.run();
