import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { OperationsBed, PROJECT } from '../../harness/operations-bed.ts';

const test = suite<{ bed: OperationsBed }>('aliases');

test.before.each(async (context) => {
	context.bed = await OperationsBed.open();
	await context.bed.create('one');
	for (let number = 1; number <= 12; number++) {
		await context.bed.call('PUT', `${PATH}/config`, { timeout: 10 + number });
		await context.bed.call('POST', `${PATH}/versions`, {});
	}
});
test.after.each(({ bed }) => bed.close());

const PATH = 'fgs/functions/one';
const ALIASES = `${PATH}/aliases`;

test('A-13: an alias is made, shown, listed bare, pointed elsewhere and deleted', async ({ bed }) => {
	const made = await bed.call('POST', ALIASES, {
		name: 'prod',
		version: 'v1',
		additional_version_weights: { v2: 10 },
	});
	assert.is(made.status, 200);
	assert.is(made.body.alias_urn, `urn:fss:cn:${PROJECT}:function:default:one:!prod`);
	assert.equal(made.body.additional_version_weights, { v2: 10 });
	assert.equal((await bed.call('GET', `${ALIASES}/prod`)).body, made.body);
	assert.equal((await bed.call('GET', ALIASES)).body, [made.body]);
	const described = await bed.call('PUT', `${ALIASES}/prod`, { version: 'v3', description: 'all' });
	assert.equal([described.body.version, described.body.additional_version_weights], ['v3', { v2: 10 }]);
	const alone = await bed.call('PUT', `${ALIASES}/prod`, { version: 'v3', additional_version_weights: {} });
	assert.is(alone.body.additional_version_weights, null);
	assert.is((await bed.call('DELETE', `${ALIASES}/prod`)).status, 204);
	assert.is((await bed.call('GET', `${ALIASES}/prod`)).body.error_code, 'FSS.1053');
});

test('A-14: what an alias can not be is told by the platform’s code', async ({ bed }) => {
	const wire = async (body: object) => (await bed.call('POST', ALIASES, body)).body.error_code;
	assert.is(await wire({ name: '1', version: 'v1' }), 'FSS.1014');
	assert.is(await wire({ name: 'a', version: 'v99' }), 'FSS.1052');
	assert.is(await wire({ name: 'a', version: 'v1', additional_version_weights: { v2: 101 } }), 'FSS.1092');
	assert.is(await wire({ name: 'a', version: 'v1', additional_version_weights: { v1: 1 } }), 'FSS.1093');
	assert.is(
		await wire({ name: 'a', version: 'v1', additional_version_weights: { v2: 1, v3: 1 } }),
		'FSS.1014',
	);
	assert.is(await wire({ name: 'a', version: 'v1', additional_version_weights: { v99: 1 } }), 'FSS.1052');
	const rule = { rule_type: 'query', param: 'a', op: '=', value: 'b' };
	const strategy = { v2: { combine_type: 'and', rules: [rule] } };
	assert.is(await wire({ name: 'a', version: 'v1', additional_version_strategy: strategy }), 'FSS.1014');
	await bed.call('POST', ALIASES, { name: 'a', version: 'v1' });
	assert.is(await wire({ name: 'a', version: 'v2' }), 'FSS.1063');
	assert.is(await wire({ name: 'b', version: 'v1' }), 'FSS.1066');
});

test('A-20: an alias that would lead to one version twice is refused, whichever of the two is changed', async ({
	bed,
}) => {
	await bed.call('POST', ALIASES, { name: 'a', version: 'v1', additional_version_weights: { v2: 10 } });
	const code = async (body: object) => (await bed.call('PUT', `${ALIASES}/a`, body)).body.error_code;
	assert.is(await code({ version: 'v2' }), 'FSS.1093');
	assert.is(await code({ additional_version_weights: { v1: 10 } }), 'FSS.1093');
	const rules = [{ rule_type: 'header', param: 'x', op: '=', value: '1' }];
	const both = { additional_version_weights: { v2: 1 }, additional_version_strategy: { v3: { rules } } };
	assert.is(await code(both), 'FSS.1014');
	const promoted = await bed.call('PUT', `${ALIASES}/a`, { version: 'v2', additional_version_weights: {} });
	assert.equal([promoted.status, promoted.body.version], [200, 'v2']);
});

test('A-20: all mistakes of an alias are told at once, and shortly', async ({ bed }) => {
	const rules = [{ rule_type: 'query', param: 'a', op: '<', value: 'b' }];
	const { body } = await bed.call('POST', ALIASES, {
		name: '1',
		version: 'v1',
		description: 'x'.repeat(513),
		additional_version_strategy: { v1: { combine_type: 'xor', rules } },
	});
	assert.is(body.error_code, 'FSS.1014');
	for (const field of ['name', 'description', 'combine_type', 'rule_type', 'op', 'additional version']) {
		assert.match(body.error_msg, field);
	}
	const long = await bed.call('POST', ALIASES, { name: 'x'.repeat(50_000), version: 'v'.repeat(50_000) });
	assert.ok(long.status === 400 && long.body.error_msg.length < 400);
});

test('A-21: latest can have an alias, which is deleted as one and never with its version', async ({
	bed,
}) => {
	const made = await bed.call('POST', ALIASES, { name: 'head', version: 'latest' });
	assert.equal([made.status, made.body.version], [200, 'latest']);
	assert.is((await bed.call('GET', `${PATH}:!head/config`)).body.version, 'latest');
	assert.is((await bed.call('DELETE', `${PATH}:!head`)).body.error_code, 'FSS.1094');
	assert.is((await bed.call('DELETE', `${ALIASES}/head`)).status, 204);
});

test('A-15: rules by header or cookie are kept as they were given, and a function has at most ten aliases', async ({
	bed,
}) => {
	const rules = [{ rule_type: 'Header', param: 'x-beta', op: 'in', value: '1,2' }];
	const additional_version_strategy = { v2: { combine_type: 'or', rules } };
	const made = await bed.call('POST', ALIASES, { name: 'beta', version: 'v1', additional_version_strategy });
	assert.equal(made.body.additional_version_strategy, additional_version_strategy);
	for (let number = 2; number <= 10; number++) {
		assert.is((await bed.call('POST', ALIASES, { name: `a${number}`, version: `v${number}` })).status, 200);
	}
	assert.is((await bed.call('POST', ALIASES, { name: 'a11', version: 'v11' })).body.error_code, 'FSS.1043');
});

test.run();
