/** Functions of a catalog at the desks of their owner. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FunctionTarget } from '../../src/gateway/function-target.ts';
import { CatalogAnswers } from '../../src/workers/catalog-answers.ts';
import { CrewCatalog } from '../../src/workers/crew-catalog.ts';
import { FunctionDesks } from '../../src/workers/function-desks.ts';
import { HandedInstances } from '../../src/workers/handed-instances.ts';
import { OwnWorker } from '../../src/workers/own-worker.ts';
import { PlaceMarks } from '../../src/workers/place-marks.ts';
import { PlaceTable } from '../../src/workers/place-table.ts';
import { SETTINGS } from '../contract/settings-fixture.ts';
import { RecordingLog } from '../harness/recording-log.ts';
import { poolBed } from '../pool/pool-support.ts';
import { TestWorker } from './desk-bed.ts';

const test = suite('CrewCatalog');

/** One function on a pool of real instances; `tell` is what tells the workers of a change. */
function crewBed(tell: () => Promise<void> = async () => {}) {
	const bed = poolBed({});
	const marks = new PlaceMarks(new ArrayBuffer(PlaceMarks.bytesOf(16)), 0, 16);
	const places = new PlaceTable(marks);
	const worker = new TestWorker();
	const desks = new FunctionDesks({
		places,
		instances: new HandedInstances(() => {}),
		workers: () => [worker],
	});
	const own = new OwnWorker({ marks, answer() {}, openSocket: () => Promise.reject(new Error('not asked')) });
	const catalog = new CrewCatalog({ desks, answers: new CatalogAnswers(desks), own, tell });
	const log = new RecordingLog();
	const served = {
		pool: bed.pool,
		target: new FunctionTarget({ settings: SETTINGS, source: bed.pool, log }),
	};
	const close = async () => {
		for (const desk of desks.all) desk.close();
		await bed[Symbol.asyncDispose]();
	};
	return { places, worker, desks, catalog, served, [Symbol.asyncDispose]: close };
}

test('R-34: a function that somebody asks for or has a place of is not let go, and has another number afterwards', async () => {
	await using the = crewBed();
	const { places, worker, desks, catalog, served } = the;
	catalog.sourceOf(served);
	const number = desks.open(served);
	desks.get(number)?.want(worker, 1);
	assert.is(catalog.letGo(served), false);
	const { place } = await worker.granted(1);
	assert.is(catalog.letGo(served), false);
	places.release(place, 'answered');
	assert.is(catalog.letGo(served), true);
	assert.is(desks.get(number), undefined);
	assert.is.not(desks.open(served), number);
});

test('R-28: a function is gone when all workers know, and who had asked before is with its pool', async () => {
	const known = Promise.withResolvers<void>();
	await using the = crewBed(() => known.promise);
	const { places, worker, desks, catalog, served } = the;
	const number = desks.open(served);
	let over = false;
	const changed = catalog.changed(1, [served]).then(() => {
		over = true;
	});
	let effective = false;
	const settled = catalog.settled().then(() => {
		effective = true;
	});
	desks.get(number)?.want(worker, 1);
	const { place } = await worker.granted(1);
	assert.equal([over, effective], [false, false]);
	known.resolve();
	await Promise.all([changed, settled]);
	assert.ok(desks.get(number), 'a worker has a place still');
	places.release(place, 'answered');
	await catalog.changed(0, []);
	assert.is(desks.get(number), undefined);
});

test.run();
