/** A server with 10,000 functions, most of which nobody calls. */
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Catalog } from '../../src/catalog/catalog.ts';
import { CodePackages } from '../../src/catalog/code-packages.ts';
import { CONFIG } from '../catalog/catalog-bed.ts';
import { ControlClient, packageOf } from '../harness/control-client.ts';
import { DeployedHost } from '../harness/deployed-host.ts';
import { exchange } from '../harness/exchange.ts';

const test = suite('10,000 deployed functions');

/** Of a server without functions on the slower of the two executables. */
const USUAL_START_MS = 300;
const COUNT = 10_000;
const PROJECT = 'p1';
const CALLED = 7_777;
const PAGE = 100;

/** One function by the catalog itself, the others as its copies: thousands of transactions would take long. */
async function make(folder: string): Promise<void> {
	const catalog = Catalog.open(folder);
	const code = await new CodePackages(folder).store(await packageOf('one of many'), {
		type: 'zip',
		filename: 'code.zip',
	});
	const key = { project: PROJECT, package: 'default', name: 'function-1' };
	const { id } = catalog.functions.create(key, CONFIG, code);
	catalog.triggers.create(id, {
		id: crypto.randomUUID(),
		qualifier: 'latest',
		type: 'APIG',
		status: 'ACTIVE',
		groupId: 'group-1',
		path: '/many',
		match: 'prefix',
		method: null,
		auth: 'NONE',
		timeoutMs: null,
		eventData: { name: 'api', path: '/many' },
	});
	catalog.close();
	const database = new DatabaseSync(join(folder, 'catalog.db'));
	database.exec(`
BEGIN;
CREATE TEMP TABLE numbers AS WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ${COUNT}) SELECT i FROM n;
INSERT INTO functions SELECT i, project, package, 'function-' || i, 'resource-' || i, created_ms, sequence
	FROM functions, numbers;
INSERT INTO revisions SELECT i, sequence, version, description, config, code_type, code_filename, code_bytes, code_digest, modified_ms
	FROM revisions, numbers;
INSERT INTO triggers SELECT i, 'copy-' || i, i, qualifier, type, status, 'group-' || i, path, match, method, auth, timeout_ms,
	event_data, created_ms, modified_ms FROM triggers, numbers;
UPDATE totals SET functions = ${COUNT}, code_bytes = code_bytes * ${COUNT};
COMMIT;`);
	database.close();
}

function residentMb(pid: number): number {
	const [, kilobytes = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
	return Number(kilobytes) / 1024;
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly ms: number }> {
	const beganMs = performance.now();
	const result = await work();
	return { result, ms: performance.now() - beganMs };
}

/** A server of this state, and its first answer. */
async function answering(
	stateFolder: string,
): Promise<{ readonly host: DeployedHost; readonly status: number }> {
	const host = await DeployedHost.start({ stateFolder });
	const answer = await exchange(host.url, { target: '/nothing', headers: { host: 'nobody.localhost' } });
	return { host, status: answer.status };
}

/** How many times as long as usual a server without functions takes for that here, where others use the machine too; at least 1. */
async function slownessOfHost(emptyFolder: string): Promise<number> {
	const { result, ms } = await timed(() => answering(emptyFolder));
	await result.host[Symbol.asyncDispose]();
	return Math.max(1, ms / USUAL_START_MS);
}

test('E-136: with 10,000 functions the server answers within 1 s of its start, idles under 150 MB, and pages and triggers are quick', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'httpfn-scale-'));
	try {
		await chmod(folder, 0o755);
		const stateFolder = join(folder, 'state');
		await make(stateFolder);
		const called = await timed(() => answering(stateFolder));
		await using host = called.result.host;
		const client = new ControlClient(host.control, undefined, PROJECT);
		const first = await timed(() => client.call('GET', `fgs/functions?maxitems=${PAGE}`));
		const marker = COUNT - PAGE - 1;
		const last = await timed(() => client.call('GET', `fgs/functions?maxitems=${PAGE}&marker=${marker}`));
		const idleMb = residentMb(host.running.pid);
		const headers = { host: `group-${CALLED}.localhost` };
		const cold = await timed(() => exchange(host.url, { target: '/many', headers }));
		const warm = await timed(() => exchange(host.url, { target: '/many', headers }));
		const figures =
			`start ${called.ms.toFixed(0)} ms, ${idleMb.toFixed(1)} MB, first page ${first.ms.toFixed(1)} ms, ` +
			`last page ${last.ms.toFixed(1)} ms, cold request ${cold.ms.toFixed(0)} ms, warm request ${warm.ms.toFixed(1)} ms`;

		assert.is(called.result.status, 404);
		assert.equal([first.result.body.functions.length, first.result.body.count], [PAGE, COUNT]);
		assert.is(last.result.body.functions.length, PAGE);
		assert.equal([cold.result.status, cold.result.text], [200, 'one of many']);
		assert.equal([warm.result.status, warm.result.text], [200, 'one of many']);
		assert.ok(idleMb < 150, figures);
		const slowness = await slownessOfHost(join(folder, 'empty'));
		const within = (ms: number, wantedMs: number): void =>
			assert.ok(ms < wantedMs * slowness, `${figures}; a host ${slowness.toFixed(1)} times as slow as usual`);
		within(called.ms, 1000);
		within(first.ms, 500);
		within(last.ms, 250);
		within(cold.ms, 2000);
		within(warm.ms, 100);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
});

test.run();
