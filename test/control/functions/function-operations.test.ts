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
	assert.is(await wire({ user_data: JSON.stringify({ A: 'x'.repeat(4_096) }) }), 'FSS.1009');
	assert.is(await wire({ func_code: {} }), 'FSS.1012');
	assert.is(await wire({ func_code: { file: '%%%%' } }), 'FSS.1011');
	assert.is(await wire({ description: 'x'.repeat(513) }), 'FSS.1019');
	assert.is(await wire({ initializer_timeout: 0 }), 'FSS.1405');
	assert.is((await bed.call('GET', 'fgs/functions')).body.count, 0);
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

test('A-9: code is replaced as a whole and told in Base64, and only latest can be given other', async ({
	bed,
}) => {
	await bed.create('one');
	const path = `fgs/functions/${urnOf('one')}`;
	await bed.call('POST', `${path}/versions`, { version: 'v1' });
	const file = (await zipOf({ bootstrap: 'false\n' })).toString('base64');
	const updated = await bed.call('PUT', `${path}/code`, {
		code_type: 'zip',
		code_filename: 'b.zip',
		func_code: { file },
	});
	assert.equal([updated.status, updated.body.code_filename], [200, 'b.zip']);
	const told = await bed.call('GET', `${path}/code`);
	assert.equal([told.body.func_code.file, told.body.digest], [file, updated.body.digest]);
	assert.is.not((await bed.call('GET', `${path}:v1/code`)).body.digest, updated.body.digest);
	const published = await bed.call('PUT', `${path}:v1/code`, { func_code: { file } });
	assert.is(published.code, 'ERR_VERSION_INVALID');
	const text = 'python3 -m http.server 8000\n';
	const inline = await bed.call('PUT', `${path}/code`, { code_type: 'inline', func_code: { file: text } });
	assert.is(inline.status, 200);
	const shown = (await bed.call('GET', `${path}/code`)).body;
	assert.equal([shown.code_type, Buffer.from(shown.func_code.file, 'base64').toString()], ['inline', text]);
});

test('A-10: what is exported can be imported under another name, but for encrypted variables', async ({
	bed,
}) => {
	await bed.create('one', { memory_size: 512, user_data: '{"A":"1"}', encrypted_user_data: '{"B":"hush"}' });
	const exported = await bed.fetch(
		'GET',
		`/v2/${PROJECT}/fgs/functions/${urnOf('one')}/export?config=true&code=true`,
	);
	assert.is(exported.headers.get('content-type'), 'application/zip');
	const file_code = Buffer.from(await exported.arrayBuffer()).toString('base64');
	const imported = await bed.call('POST', 'fgs/functions/import', {
		func_name: 'two',
		file_name: 'x',
		file_type: 'zip',
		file_code,
	});
	assert.is(imported.status, 200, JSON.stringify(imported.body));
	const before = (await bed.call('GET', `fgs/functions/${urnOf('one')}/config`)).body;
	assert.is(imported.body.digest, before.digest);
	assert.equal([imported.body.memory_size, imported.body.user_data], [512, '{"A":"1"}']);
	assert.is(imported.body.encrypted_user_data, '');
	const wrong = { func_name: 'three', file_code: Buffer.from('no zip').toString('base64') };
	assert.is((await bed.call('POST', 'fgs/functions/import', wrong)).body.error_code, 'FSS.1011');
});

test.run();
