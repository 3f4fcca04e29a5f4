import { Buffer } from 'node:buffer';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { OperationsBed, PROJECT } from '../../harness/operations-bed.ts';
import { zipOf } from '../../harness/zip-of.ts';

const test = suite<{ bed: OperationsBed }>('code of functions');

test.before.each(async (context) => {
	context.bed = await OperationsBed.open();
});
test.after.each(({ bed }) => bed.close());

const urnOf = (name: string) => `urn:fss:cn:${PROJECT}:function:default:${name}`;

test('A-18: code without a package stays where dependencies are named, as Terraform sends it', async ({
	bed,
}) => {
	const created = (await bed.create('one')).body;
	assert.is(created.network_controller, null);
	const path = `fgs/functions/${urnOf('one')}`;
	await bed.call('POST', `${path}/versions`, {});
	const nothing = { code_type: 'zip', code_url: '', code_filename: '', depend_version_list: [] };
	const same = await bed.call('PUT', `${path}/code`, nothing);
	assert.equal([same.status, same.body.digest, same.body.code_filename], [200, created.digest, 'code.zip']);
	assert.is((await bed.call('POST', `${path}/versions`, {})).body.error_code, 'FSS.1016');
	const named = await bed.call('PUT', `${path}/code`, { ...nothing, depend_version_list: ['d1'] });
	assert.equal([named.body.digest, named.body.depend_version_list], [created.digest, ['d1']]);
	assert.equal((await bed.call('GET', `${path}/config`)).body.depend_version_list, ['d1']);
	const other = await bed.call('PUT', `${path}/code`, { ...nothing, code_type: 'jar' });
	assert.is(other.body.error_code, 'FSS.1012');
	assert.is((await bed.call('PUT', `${path}/code`, { code_type: 'zip' })).body.error_code, 'FSS.1012');
	assert.is(
		(await bed.call('PUT', `${path}/code`, { code_type: 'obs', code_url: 'u' })).body.error_code,
		'FSS.1006',
	);
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

test.run();
