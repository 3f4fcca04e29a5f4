import { Buffer } from 'node:buffer';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { OperationsBed, PROJECT } from '../../harness/operations-bed.ts';
import { zipOf } from '../../harness/zip-of.ts';

const test = suite<{ bed: OperationsBed }>('export and import');

test.before.each(async (context) => {
	context.bed = await OperationsBed.open();
});
test.after.each(({ bed }) => bed.close());

const urnOf = (name: string) => `urn:fss:cn:${PROJECT}:function:default:${name}`;

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
	const noZip = { func_name: 'three', file_code: Buffer.from('no zip').toString('base64') };
	assert.is((await bed.call('POST', 'fgs/functions/import', noZip)).body.error_code, 'FSS.1011');
});

test('A-23: type=code is the package as it was sent, and what is exported has to be said in one way', async ({
	bed,
}) => {
	const bytes = await zipOf({ bootstrap: 'true\n' });
	await bed.create('one', { code_filename: 'my "code".zip', func_code: { file: bytes.toString('base64') } });
	const path = `/v2/${PROJECT}/fgs/functions/one/export`;
	const code = await bed.fetch('GET', `${path}?type=code`);
	assert.equal(Buffer.from(await code.arrayBuffer()), bytes);
	assert.is(code.headers.get('content-disposition'), 'attachment; filename="my__code_.zip"');
	for (const query of ['', '?code=false', '?type=all', '?type=code&config=true', '?code=yes']) {
		const refused = await bed.call('GET', `${path}${query}`);
		assert.equal([refused.status, refused.code], [400, 'ERR_BODY_INVALID'], query);
	}
	const config = await bed.fetch('GET', `${path}?type=config`);
	const file_code = Buffer.from(await config.arrayBuffer()).toString('base64');
	const half = await bed.call('POST', 'fgs/functions/import', { func_name: 'two', file_code });
	assert.is(half.body.error_code, 'FSS.1011');
});

test('A-24: an export that was changed is refused for what it holds, and never makes half a function', async ({
	bed,
}) => {
	const importOf = async (files: Record<string, string>) =>
		(
			await bed.call('POST', 'fgs/functions/import', {
				func_name: 'two',
				file_code: (await zipOf(files)).toString('base64'),
			})
		).body;
	const code = (await zipOf({ bootstrap: 'true\n' })).toString('latin1');
	for (const files of [
		{ 'function.json': '{}', code: 'no zip' },
		{ 'function.json': '{', code },
		{ 'function.json': '{}', code, more: 'x' },
		{ 'function.json': '{"memory_size":"128"}', code },
		{ code },
	] as Record<string, string>[]) {
		assert.is((await importOf(files)).error_code, 'FSS.1011', Object.keys(files).join());
	}
	const wrong = await importOf({ 'function.json': '{"memory_size":5,"timeout":1}', code });
	assert.is(wrong.error_code, 'FSS.1007');
	assert.match(wrong.error_msg, 'timeout');
	assert.is((await bed.call('GET', 'fgs/functions')).body.count, 0);
});

test.run();
