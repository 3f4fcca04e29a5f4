/** What a function's configuration can be, as a client sends it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { OperationsBed, PROJECT } from '../../harness/operations-bed.ts';

const test = suite<{ bed: OperationsBed }>('configuration of functions');

test.before.each(async (context) => {
	context.bed = await OperationsBed.open();
});
test.after.each(({ bed }) => bed.close());

const urnOf = (name: string) => `urn:fss:cn:${PROJECT}:function:default:${name}`;

test('A-5: all mistakes of a body are told at once, under the platform’s code of the first', async ({
	bed,
}) => {
	const { status, code, body } = await bed.create('one', {
		memory_size: 100,
		timeout: 2,
		initializer_timeout: 301,
		strategy_config: { concurrent_num: 1001 },
		user_data: '["no object"]',
	});
	assert.equal([status, code, body.error_code], [400, 'ERR_USER_DATA_INVALID', 'FSS.1009']);
	for (const field of ['user_data', 'memory_size', 'timeout', 'initializer_timeout', 'concurrent_num']) {
		assert.match(body.error_msg, field);
	}
	const wire = async (more: object) => (await bed.create('one', more)).body.error_code;
	assert.is(await wire({ func_name: '1a' }), 'FSS.1002');
	assert.is(await wire({ package: 'a:b' }), 'FSS.1004');
	assert.is(await wire({ runtime: 'Python3.9' }), 'FSS.1005');
	assert.is(await wire({ code_type: 'obs' }), 'FSS.1006');
	assert.is(await wire({ memory_size: 1 }), 'FSS.1007');
	assert.is(await wire({ timeout: 301, is_return_stream: true }), 'FSS.1008');
	assert.is(await wire({ user_data: '{"RUNTIME_MEMORY":"1"}' }), 'FSS.1009');
	assert.is(await wire({ user_data: JSON.stringify({ A: 'x'.repeat(4_096) }) }), 'FSS.1018');
	assert.is(await wire({ func_code: {} }), 'FSS.1012');
	assert.is(await wire({ func_code: { file: '%%%%' } }), 'FSS.1011');
	assert.is(await wire({ description: 'x'.repeat(513) }), 'FSS.1019');
	assert.is(await wire({ initializer_timeout: 0 }), 'FSS.1405');
	const wrong = await bed.create('1a', { package: 'a:b', memory_size: 5, timeout: 1, code_type: 'obs' });
	assert.is(wrong.body.error_code, 'FSS.1002');
	for (const field of ['func_name', 'package', 'memory_size', 'timeout', 'code_type']) {
		assert.match(wrong.body.error_msg, field);
	}
	const shapes = await bed.create('one', { memory_size: '128', func_vpc: 3, is_return_stream: 'yes' });
	assert.is(shapes.body.error_code, 'FSS.0400');
	for (const text of [
		'memory_size: wanted a number, found the text "128"',
		'func_vpc: wanted an object',
		'true or false',
	]) {
		assert.match(shapes.body.error_msg, text);
	}
	assert.is((await bed.call('GET', 'fgs/functions')).body.count, 0);
});

test('A-16: fields without a meaning here come back as they were sent, and what is too long or too deep is refused shortly', async ({
	bed,
}) => {
	const kept = {
		func_vpc: { vpc_id: 'v', security_groups: ['a', 'b'] },
		mount_config: { mount_user: { user_id: -1 }, func_mounts: [] },
		log_config: { group_id: 'g' },
		lts_custom_tag: { a: 'b' },
		depend_version_list: ['d1'],
		gpu_memory: 1024,
		pre_stop_timeout: 5,
		enterprise_project_id: '0',
		type: 'v2',
		enable_dynamic_memory: false,
		domain_names: '[{"id":"1"}]',
		heartbeat_handler: 'x',
		enable_class_isolation: true,
		network_controller: { disable_public_network: false, trigger_access_vpcs: [{ vpc_id: 'v' }] },
	};
	const { body } = await bed.create('one', kept);
	for (const [name, value] of Object.entries(kept)) assert.equal(body[name], value, name);
	const path = `fgs/functions/${urnOf('one')}/config`;
	const refused = async (more: object) => {
		const { status, code, body: answer } = await bed.call('PUT', path, more);
		assert.equal([status, code], [400, 'ERR_BODY_INVALID']);
		assert.ok(answer.error_msg.length < 400, `the message has ${answer.error_msg.length} characters`);
	};
	await refused({ depend_version_list: 'd1' });
	await refused({ domain_names: ['d'] });
	await refused({ xrole: 'x'.repeat(100_000) });
	await refused({ func_vpc: { vpc_id: 'x'.repeat(100_000) } });
	const deep = `{"func_vpc":{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}}`;
	await refused(JSON.parse(deep));
	assert.equal((await bed.call('GET', path)).body, body);
	const long = await bed.create('x'.repeat(100_000));
	assert.ok(long.status === 400 && long.body.error_msg.length < 400);
});

test('A-17: variables come back as they were written, encrypted ones keep their text however they are written', async ({
	bed,
}) => {
	const user_data = '{ "A": "******" }';
	await bed.create('one', { user_data: '{"A":"1"}', encrypted_user_data: '{ "B": "hush" }' });
	const path = `fgs/functions/${urnOf('one')}`;
	const sealed = () => bed.catalog.functions.list({ project: PROJECT, afterId: 0, limit: 1 }).records[0];
	const before = sealed()?.latest.config.encrypted_user_data;
	const changed = await bed.call('PUT', `${path}/config`, {
		user_data,
		encrypted_user_data: '{"B": "******"}',
	});
	assert.is(changed.body.user_data, user_data);
	assert.is(sealed()?.latest.config.encrypted_user_data, before);
	await bed.call('PUT', `${path}/config`, { encrypted_user_data: '{"B": "hush"  }' });
	assert.is(sealed()?.latest.config.encrypted_user_data, before);
	assert.is(
		(await bed.call('PUT', `${path}/config`, { encrypted_user_data: '' })).body.encrypted_user_data,
		'',
	);
});

test('A-6: encrypted variables are told by name only, and a masked value that comes back keeps what is stored', async ({
	bed,
}) => {
	await bed.create('one', { encrypted_user_data: '{"PASSWORD":"hush","OTHER":"quiet"}' });
	const path = `fgs/functions/${urnOf('one')}/config`;
	const { body } = await bed.call('GET', path);
	assert.is(body.encrypted_user_data, '{"PASSWORD":"******","OTHER":"******"}');
	const stored = () =>
		bed.catalog.functions.list({ project: PROJECT, afterId: 0, limit: 1 }).records[0]?.latest.config;
	assert.not.match(stored()?.encrypted_user_data ?? '', 'hush');
	const sealed = stored()?.encrypted_user_data;
	await bed.call('PUT', path, body);
	assert.is(stored()?.encrypted_user_data, sealed);
	await bed.call('PUT', path, { encrypted_user_data: '{"PASSWORD":"******","NEW":"loud"}' });
	assert.equal(JSON.parse(bed.sealer.open(stored()?.encrypted_user_data ?? '')), {
		PASSWORD: 'hush',
		NEW: 'loud',
	});
});

test.run();
