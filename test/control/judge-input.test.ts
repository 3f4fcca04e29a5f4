/** Bodies that are made to cost more than they are worth. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { OperationsBed } from '../harness/operations-bed.ts';

const test = suite<{ bed: OperationsBed }>('judge-input');

const ANSWER_CHARS_MAX = 8_000;

test.before.each(async (context) => {
	context.bed = await OperationsBed.open();
	context.bed.makeFunction('hello');
});
test.after.each(({ bed }) => bed.close());

/** The first sentence of what is wrong. */
async function refused(bed: OperationsBed, method: string, path: string, body: unknown): Promise<string> {
	const { status, code, body: answer } = await bed.call(method, path, body);
	assert.equal([status, code], [400, 'ERR_BODY_INVALID'], path);
	assert.ok(
		answer.error_msg.length < ANSWER_CHARS_MAX,
		`the message has ${answer.error_msg.length} characters`,
	);
	return answer.error_msg;
}

test('A-97: a body of very many values is refused, whichever list or object they stand in', async ({
	bed,
}) => {
	const many = Array.from({ length: 20_000 }, () => ({ key: 'k' }));
	const names = Object.fromEntries(many.map((_, index) => [`v${index}`, 1]));
	for (const [method, path, body] of [
		['POST', 'functions/hello/tags/create', { tags: many }],
		['DELETE', 'functions/hello/tags/delete', { tags: many }],
		['POST', 'functions/resource-instances/filter', { matches: many }],
		[
			'POST',
			'fgs/functions/hello/aliases',
			{ name: 'a', version: 'latest', additional_version_weights: names },
		],
		['POST', 'fgs/functions', { func_name: 'x', depend_version_list: many }],
		['PUT', 'fgs/triggers/hello/APIG/none', { event_data: many }],
	] as const) {
		assert.match(await refused(bed, method, path, body), '10000 values');
	}
});

test('A-97: a body that is nested too deep is refused, whatever kind of value is', async ({ bed }) => {
	const deep = (open: string, close: string) => JSON.parse(`${open.repeat(5_000)}1${close.repeat(5_000)}`);
	for (const value of [deep('[', ']'), deep('{"a":', '}')]) {
		const trigger = { trigger_type_code: 'APIG', event_data: { auth: 'NONE', more: value } };
		assert.match(await refused(bed, 'POST', 'fgs/triggers/hello', trigger), '20 levels');
		const tactics = { count: 1, tactics_config: { metric_configs: [{ value }] } };
		assert.match(await refused(bed, 'PUT', 'fgs/functions/hello/reservedinstances', tactics), '20 levels');
		assert.match(await refused(bed, 'PUT', 'fgs/functions/hello/config', { func_vpc: value }), '20 levels');
	}
});

test('A-97: of many mistakes twenty are told, and names that the client chose are cut short', async ({
	bed,
}) => {
	const wrong = Array.from({ length: 1_000 }, () => ({ key: 1 }));
	const told = await refused(bed, 'POST', 'functions/hello/tags/create', { tags: wrong });
	assert.match(told, 'body.tags.0.key');
	assert.match(told, 'and 980 more');
	const weights = { ['x'.repeat(100_000)]: 'y' };
	const alias = { name: 'a', version: 'latest', additional_version_weights: weights };
	await refused(bed, 'POST', 'fgs/functions/hello/aliases', alias);
});

test.run();
