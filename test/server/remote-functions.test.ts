/** The functions of a catalog in a worker. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RemoteFunctions } from '../../src/server/remote-functions.ts';
import { CatalogHost } from '../../src/workers/catalog-host.ts';
import type { OwnerMessage, WorkerMessage } from '../../src/workers/messages.ts';
import { OwnerLink } from '../../src/workers/owner-link.ts';
import { PlaceMarks } from '../../src/workers/place-marks.ts';
import { RemoteApis } from '../../src/workers/remote-apis.ts';
import { DeployedBed } from './deployed-bed.ts';

const test = suite('RemoteFunctions');

function workerOf(bed: DeployedBed) {
	const said: WorkerMessage[] = [];
	const send = (message: WorkerMessage): void => void said.push(message);
	const owner = new OwnerLink(send, -1);
	const marks = new PlaceMarks(new ArrayBuffer(PlaceMarks.bytesOf(4)), 0, 4);
	const host = new CatalogHost({ owner, apis: new RemoteApis(send), sink: { backlog: 0, send }, marks });
	const sealer = { open: (sealed: string) => sealed };
	const functions = new RemoteFunctions({ catalog: bed.catalog, sealer, region: 'cn', host });
	const tell = (message: OwnerMessage): void => void owner.onMessage(message);
	return { functions, said, tell };
}

test('R-13: a worker knows a version as the catalog says, until the owner says that its function changed', async () => {
	await using bed = new DeployedBed();
	const [one, other] = [bed.create('one', { timeout: 3 }), bed.create('other')];
	const { functions } = workerOf(bed);
	const before = functions.target(one.id, 'latest');
	assert.equal([before.settings.name, before.settings.timeoutSeconds], ['one', 3]);
	const { generation } = functions;
	const same = functions.target(other.id, 'latest');
	bed.catalog.functions.updateConfig(one.id, { ...one.latest.config, timeout: 4 });
	assert.is(functions.target(one.id, 'latest'), before);
	functions.changed(one.id);
	assert.ok(functions.generation > generation);
	assert.is(functions.target(one.id, 'latest').settings.timeoutSeconds, 4);
	assert.is(functions.target(other.id, 'latest'), same);
	functions.changed(0);
	assert.is(functions.target(other.id, 'latest'), same);
	assert.throws(
		() => functions.target(one.id, 'v9'),
		({ code }: { code: string }) => code === 'ERR_VERSION_NOT_FOUND',
	);
});

test('R-31: what becomes of requests, and what is to be logged of them, is told to the owner by function and version', async () => {
	await using bed = new DeployedBed();
	const { id } = bed.create('one');
	const { functions, said } = workerOf(bed);
	const { observer, log } = functions.target(id, 'latest');
	observer?.began('r1');
	observer?.ended('r1', { durationMs: 2, status: 200, error: null });
	log.write('warn', 'something');
	const of = { functionId: id, version: 'latest' };
	assert.equal(said, [
		{ kind: 'began', of, requestId: 'r1' },
		{ kind: 'ended', requestId: 'r1', durationMs: 2, status: 200, code: null },
		{ kind: 'log', function: of, level: 'warn', message: 'something', fields: {} },
	]);
});

test.run();
