import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { OperationsBed } from '../../harness/operations-bed.ts';

const test = suite<{ bed: OperationsBed }>('versions');

test.before.each(async (context) => {
	context.bed = await OperationsBed.open();
	await context.bed.create('one');
});
test.after.each(({ bed }) => bed.close());

const PATH = 'fgs/functions/one';

test('A-11: latest is published under the name given, or the next number, and only when something changed', async ({
	bed,
}) => {
	const first = await bed.call('POST', `${PATH}/versions`, { description: 'the first' });
	assert.equal([first.status, first.body.version, first.body.version_description], [200, 'v1', 'the first']);
	assert.match(first.body.func_urn, /:v1$/);
	assert.is((await bed.call('POST', `${PATH}/versions`, {})).body.error_code, 'FSS.1016');
	await bed.call('PUT', `${PATH}/config`, { timeout: 5 });
	assert.is((await bed.call('POST', `${PATH}/versions`, { version: 'v1' })).body.error_code, 'FSS.1062');
	assert.is((await bed.call('POST', `${PATH}/versions`, { version: 'a:b' })).body.error_code, 'FSS.1015');
	assert.is((await bed.call('POST', `${PATH}/versions`, { version: 'stable' })).body.version, 'stable');
	assert.is((await bed.call('GET', `${PATH}:v1/config`)).body.timeout, 3);
	assert.is((await bed.call('PUT', `${PATH}:v1/config`, { timeout: 6 })).code, 'ERR_VERSION_INVALID');
	const { body } = await bed.call('GET', `${PATH}/versions`);
	const versions = body.versions.map(({ version }: { version: string }) => version);
	assert.equal([versions, body.next_marker, body.count], [['latest', 'v1', 'stable'], 0, 3]);
});

test('A-12: a function has at most 20 versions besides latest', async ({ bed }) => {
	for (let timeout = 4; timeout < 24; timeout++) {
		await bed.call('PUT', `${PATH}/config`, { timeout });
		assert.is((await bed.call('POST', `${PATH}/versions`, {})).status, 200);
	}
	await bed.call('PUT', `${PATH}/config`, { timeout: 30 });
	assert.is((await bed.call('POST', `${PATH}/versions`, {})).code, 'ERR_VERSION_COUNT');
	await bed.call('DELETE', `${PATH}:v7`);
	assert.is((await bed.call('POST', `${PATH}/versions`, {})).status, 200);
});

test.run();
