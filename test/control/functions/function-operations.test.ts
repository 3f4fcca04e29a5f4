/** Functions over the control plane's listener and a real catalog. */
import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { OperationsBed, PROJECT } from '../../harness/operations-bed.ts';
import { zipOf } from '../../harness/zip-of.ts';

const test = suite<{ bed: OperationsBed }>('functions');

test.before.each(async (context) => {
	context.bed = await OperationsBed.open();
});
test.after.each(({ bed }) => bed.close());

const urnOf = (name: string) => `urn:fss:cn:${PROJECT}:function:default:${name}`;

test('A-2: a function is made from a zip, and told with the platform’s fields and defaults', async ({
	bed,
}) => {
	const bytes = await zipOf({ bootstrap: 'true\n' });
	const file = bytes.toString('base64');
	const vpc = { vpc_id: 'v', subnet_id: 's' };
	const { status, body } = await bed.call('POST', 'fgs/functions', {
		func_name: 'one',
		runtime: 'http',
		handler: 'bootstrap',
		memory_size: 256,
		code_type: 'zip',
		code_filename: 'code.zip',
		func_code: { file },
		func_vpc: vpc,
		depend_version_list: [],
	});
	assert.is(status, 200);
	assert.is(body.func_urn, `${urnOf('one')}:latest`);
	assert.is(body.digest, createHash('sha512').update(bytes).digest('hex'));
	assert.is(body.code_size, bytes.length);
	assert.equal([body.timeout, body.memory_size, body.cpu, body.version], [3, 256, 400, 'latest']);
	assert.equal(body.strategy_config, { concurrency: 400, concurrent_num: 1 });
	assert.equal(body.func_vpc, vpc);
	assert.is((await bed.call('GET', 'fgs/functions')).body.functions[0].func_vpc_id, 'v');
	assert.match(body.last_modified, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
	assert.match(body.image_name, /^latest-\d{12}@[0-9a-f]{5}$/);
	assert.equal((await bed.call('GET', `fgs/functions/${urnOf('one')}/config`)).body, body);
});

test('A-3: a list comes in pages by marker, and by package and name', async ({ bed }) => {
	for (const name of ['a1', 'a2', 'a3', 'b1']) bed.makeFunction(name);
	const names = (body: { functions: { func_name: string }[] }) =>
		body.functions.map(({ func_name }) => func_name);
	const first = (await bed.call('GET', 'fgs/functions?maxitems=3')).body;
	assert.equal([names(first), first.count], [['a1', 'a2', 'a3'], 4]);
	const second = (await bed.call('GET', `fgs/functions?maxitems=3&marker=${first.next_marker}`)).body;
	assert.equal([names(second), second.next_marker], [['b1'], 0]);
	assert.equal(names((await bed.call('GET', 'fgs/functions?func_name=b')).body), ['b1']);
	assert.equal(names((await bed.call('GET', 'fgs/functions?package_name=none')).body), []);
	assert.is((await bed.call('GET', 'fgs/functions?marker=x')).code, 'ERR_BODY_INVALID');
	assert.equal(names((await bed.call('GET', '/v2/other/fgs/functions')).body), []);
});

test('A-4: an update changes what it names, and keeps the rest', async ({ bed }) => {
	await bed.create('one', { description: 'first', user_data: '{"A":"1"}' });
	const path = `fgs/functions/${urnOf('one')}/config`;
	const updated = await bed.call('PUT', path, {
		timeout: 20,
		is_return_stream: true,
		user_data: null,
		strategy_config: { concurrent_num: 10 },
		network_controller: { disable_public_network: true },
	});
	const { timeout, description, user_data, is_return_stream, strategy_config } = updated.body;
	assert.equal([timeout, description, user_data, is_return_stream], [20, 'first', '{"A":"1"}', true]);
	assert.equal(strategy_config, { concurrency: 400, concurrent_num: 10 });
	assert.is(updated.body.network_controller.disable_public_network, true);
	assert.is((await bed.call('PUT', path, { user_data: '' })).body.user_data, '');
	const disabled = await bed.call('PUT', `fgs/functions/${urnOf('one')}/config-max-instance`, {
		max_instance_num: 0,
	});
	assert.equal(disabled.body.strategy_config, { concurrency: 0, concurrent_num: 10 });
});

test('A-7: a function that exists, does not, or belongs to another project is told by its code', async ({
	bed,
}) => {
	await bed.create('one');
	assert.is((await bed.create('one')).body.error_code, 'FSS.1061');
	const missing = await bed.call('GET', `fgs/functions/${urnOf('two')}/config`);
	assert.equal([missing.status, missing.body.error_code], [404, 'FSS.1051']);
	const foreign = await bed.call('GET', `/v2/other/fgs/functions/${urnOf('one')}/config`);
	assert.equal([foreign.status, foreign.body.error_code], [404, 'FSS.1051']);
	assert.is((await bed.call('GET', 'fgs/functions/a:b:c:d:e/config')).body.error_code, 'FSS.1309');
	assert.is((await bed.call('GET', 'fgs/functions/one:latest/config')).status, 200);
});

test('A-8: a URN with a version or an alias deletes that version, one without the whole function, and latest stays', async ({
	bed,
}) => {
	await bed.create('one');
	const path = `fgs/functions/${urnOf('one')}`;
	await bed.call('POST', `${path}/versions`, { version: 'v1' });
	await bed.call('PUT', `${path}/config`, { timeout: 9 });
	await bed.call('POST', `${path}/versions`, { version: 'v2' });
	await bed.call('POST', `${path}/aliases`, { name: 'prod', version: 'v2' });
	assert.is((await bed.call('DELETE', `${path}:latest`)).body.error_code, 'FSS.1094');
	assert.is((await bed.call('DELETE', `${path}:v1`)).status, 204);
	assert.is((await bed.call('GET', `${path}:v1/config`)).body.error_code, 'FSS.1052');
	assert.is((await bed.call('DELETE', `${path}:!prod`)).status, 204);
	assert.is((await bed.call('GET', `${path}:!prod/config`)).body.error_code, 'FSS.1053');
	assert.is((await bed.call('GET', `${path}/versions`)).body.versions.length, 1);
	assert.is((await bed.call('DELETE', path)).status, 204);
	assert.is((await bed.call('GET', `${path}/config`)).body.error_code, 'FSS.1051');
});

test('A-25: of those who make one function at the same moment one does, and changes that come together are all kept', async ({
	bed,
}) => {
	const made = await Promise.all(
		[1, 2, 3, 4].map((memory) => bed.create('one', { memory_size: memory * 256 })),
	);
	assert.equal(made.map(({ status }) => status).sort(), [200, 409, 409, 409]);
	const path = `fgs/functions/${urnOf('one')}`;
	const file = (await zipOf({ bootstrap: 'false\n' })).toString('base64');
	const all = await Promise.all([
		bed.call('PUT', `${path}/code`, { func_code: { file }, depend_version_list: ['d1'] }),
		bed.call('PUT', `${path}/config`, { timeout: 20 }),
		bed.call('PUT', `${path}/config`, { description: 'both' }),
		bed.call('PUT', `${path}/config-max-instance`, { max_instance_num: 9 }),
	]);
	assert.ok(all.every(({ status }) => status === 200));
	const { body } = await bed.call('GET', `${path}/config`);
	assert.equal([body.timeout, body.description, body.depend_version_list], [20, 'both', ['d1']]);
	assert.is(body.strategy_config.concurrency, 9);
	assert.is((await bed.call('GET', `${path}/code`)).body.func_code.file, file);
});

test.run();
