import { Buffer } from 'node:buffer';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { OperationsBed, PROJECT } from '../../harness/operations-bed.ts';

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

test.run();
