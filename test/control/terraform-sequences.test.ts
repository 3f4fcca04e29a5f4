/** The calls of Terraform's provider for what belongs to a function, one after the other as it makes them. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { OperationsBed } from '../harness/operations-bed.ts';

const test = suite('Terraform sequences');

const URN = 'urn:fss:cn:p1:function:default:hello';

test('A-95: the sequences for a trigger, a test event and tags get the statuses and forms the provider looks for', async () => {
	const bed = await OperationsBed.open();
	try {
		bed.makeFunction('hello');
		await trigger(bed);
		await testEvent(bed);
		await tags(bed);
	} finally {
		await bed.close();
	}
});

/** Creates, reads; updates, polls the status; deletes, polls until 404; deletes what is gone. */
async function trigger(bed: OperationsBed): Promise<void> {
	const data = { name: 'api', auth: 'NONE', path: '/x', func_info: { timeout: 100 }, env_id: 'e', type: 1 };
	const body = { trigger_type_code: 'APIG', trigger_status: 'ACTIVE', event_data: data };
	const made = await bed.call('POST', `fgs/triggers/${URN}`, body);
	assert.is(made.status, 201);
	const path = `fgs/triggers/${URN}/APIG/${made.body.trigger_id}`;
	const read = await bed.call('GET', path);
	for (const name of ['trigger_type_code', 'trigger_status', 'created_time', 'last_updated_time'])
		assert.type(read.body[name], 'string', name);
	const changed = { ...data, path: '/y' };
	const update = await bed.call('PUT', path, { trigger_status: 'ACTIVE', event_data: changed });
	assert.is(update.status, 200);
	const polled = await bed.call('GET', path);
	assert.is(polled.body.trigger_status, 'ACTIVE');
	assert.is(polled.body.event_data.path, '/y');
	assert.is((await bed.call('DELETE', path)).status, 204);
	assert.is((await bed.call('GET', path)).status, 404);
	assert.is((await bed.call('DELETE', path)).status, 404);
	const nowhere = path.replace(':hello', ':gone');
	assert.is((await bed.call('DELETE', nowhere)).status, 404);
}

async function testEvent(bed: OperationsBed): Promise<void> {
	const path = `fgs/functions/${URN}/events`;
	const made = await bed.call('POST', path, { name: 'first', content: 'e30=' });
	assert.is(made.status, 200);
	const one = `${path}/${made.body.id}`;
	assert.equal((await bed.call('GET', one)).body.name, 'first');
	assert.is((await bed.call('PUT', one, { name: 'second', content: 'e30=' })).status, 200);
	assert.is((await bed.call('GET', path)).body.events[0].name, 'second');
	assert.is((await bed.call('DELETE', one)).status, 204);
	assert.is((await bed.call('GET', one)).status, 404);
}

/** It sends tags without an action, and takes nothing but 204. */
async function tags(bed: OperationsBed): Promise<void> {
	const body = { tags: [{ key: 'team', value: 'red' }] };
	assert.is((await bed.call('POST', `functions/${URN}/tags/create`, body)).status, 204);
	assert.equal((await bed.call('GET', `functions/${URN}/tags`)).body.tags, body.tags);
	assert.is((await bed.call('DELETE', `functions/${URN}/tags/delete`, body)).status, 204);
	// It adds what it got to the marker, and asks until a page is empty.
	await bed.call('PUT', `fgs/functions/${URN}:latest/reservedinstances`, { count: 1, idle_mode: false });
	let got = 0;
	for (;;) {
		const query = `function_urn=${URN}&limit=100&marker=${got}`;
		const { body: page } = await bed.call('GET', `fgs/functions/reservedinstanceconfigs?${query}`);
		if (page.reserved_instances.length === 0) break;
		got += page.reserved_instances.length;
	}
	assert.is(got, 1);
}

test.run();
