/** The functions of the catalog as they are hosted: on demand, and anew when they change. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CONFIG } from '../catalog/catalog-bed.ts';
import { until } from '../harness/until.ts';
import { codeRecord, DeployedBed } from './deployed-bed.ts';

const test = suite('DeployedFunctions');

test('A-147: a version is hosted when it is asked for, and stays the same until its code or settings change', async () => {
	await using bed = new DeployedBed();
	const { id } = bed.create('one');
	const first = bed.functions.target(id, 'latest');
	bed.trigger(id, {});
	bed.catalog.functions.updateConfig(id, { ...CONFIG });
	assert.is(bed.functions.target(id, 'latest'), first);
	bed.catalog.functions.updateCode(id, codeRecord('b'));
	const second = bed.functions.target(id, 'latest');
	assert.is.not(second, first);
	assert.match(second.settings.codeRoot, /b{128}$/);
	bed.catalog.revisions.publish(id, { version: 'v1', description: '' });
	bed.catalog.functions.updateConfig(id, { ...CONFIG, memory_size: 256 });
	assert.is(bed.functions.target(id, 'latest').settings.memoryMb, 256);
	assert.is(bed.functions.target(id, 'v1').settings.memoryMb, 128);
});

test('A-147: what is not there is said to be missing', async () => {
	await using bed = new DeployedBed();
	const { id } = bed.create('one');
	const codeOf = (version: string, functionId = id) => {
		try {
			return bed.functions.target(functionId, version).settings.version;
		} catch (error) {
			return (error as { code?: string }).code;
		}
	};
	assert.is(codeOf('latest'), 'latest');
	assert.is(codeOf('v9'), 'ERR_VERSION_NOT_FOUND');
	bed.catalog.functions.remove(id);
	assert.is(codeOf('latest'), 'ERR_FUNCTION_NOT_FOUND');
});

test('A-239: after a stop no version is hosted any more', async () => {
	await using bed = new DeployedBed();
	const one = bed.create('one');
	const other = bed.create('other');
	bed.functions.target(one.id, 'latest');
	await bed.functions.stop(0);
	for (const { id } of [one, other]) {
		assert.throws(
			() => bed.functions.target(id, 'latest'),
			(error: { code?: string }) => error.code === 'ERR_DRAINING',
		);
	}
});

test('A-148: reserved instances are started with the server and when they are asked for, for a version or an alias', async () => {
	await using bed = new DeployedBed();
	const { id } = bed.create('one');
	bed.catalog.revisions.publish(id, { version: 'v1', description: '' });
	const none = { description: '', weights: null, strategy: null };
	bed.catalog.aliases.create(id, { name: 'prod', version: 'v1', ...none });
	bed.functions.start();
	assert.equal(bed.isolation.starts, []);
	const reserved = { functionId: id, idleMode: false, tactics: null };
	bed.catalog.extras.setReserved({ ...reserved, qualifier: '!prod', count: 1 });
	await until('an instance is started', async () => (bed.isolation.starts.length > 0 ? true : null));
	assert.is(bed.isolation.starts[0], 'one@v1');
});

test('A-149: encrypted variables are in RUNTIME_USERDATA only, the others in both', async () => {
	await using bed = new DeployedBed();
	const user = { user_data: '{"A":"1"}', encrypted_user_data: '{"B":"2"}' };
	const { settings } = bed.functions.target(bed.create('one', user).id, 'latest');
	assert.equal(settings.environment, { A: '1' });
	assert.equal(settings.secretEnvironment, { B: '2' });
});

test('R-31: what is heard of requests after the stop, from workers that had to give up, is counted', async () => {
	await using bed = new DeployedBed();
	const { id } = bed.create('one');
	const observer = bed.functions.observer(id, 'latest');
	observer.began('r1');
	await bed.functions.stop(0);
	observer.ended('r1', { durationMs: 5, status: 0, error: null });
	bed.functions.close();
	assert.is(bed.catalog.extras.statisticsTotal(id, 0, Date.now() + 60_000)?.count, 1);
});

test.run();
