import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withBed } from '../../harness/operations-bed.ts';

const test = suite('tags');

const URN = 'urn:fss:cn:p1:function:default';

test('A-62: tags are added and taken off with 204, by URN or by id of the function; a key that is there gets the new value', () =>
	withBed(async (bed) => {
		const { resourceId } = bed.makeFunction('hello');
		const tags = [
			{ key: 'team', value: 'red' },
			{ key: 'empty', value: '' },
		];
		const made = await bed.call('POST', `functions/${URN}:hello/tags/create`, { action: 'create', tags });
		assert.is(made.status, 204);
		const changed = { tags: [{ key: 'team', value: 'blue' }] };
		assert.is((await bed.call('POST', `functions/${resourceId}/tags/create`, changed)).status, 204);
		const { body } = await bed.call('GET', 'functions/hello/tags');
		assert.equal(body, {
			tags: [
				{ key: 'empty', value: '' },
				{ key: 'team', value: 'blue' },
			],
			sys_tags: [],
		});
		const gone = { action: 'delete', tags: [{ key: 'team' }, { key: 'never' }] };
		assert.is((await bed.call('DELETE', 'functions/hello/tags/delete', gone)).status, 204);
		assert.equal((await bed.call('GET', 'functions/hello/tags')).body.tags, [{ key: 'empty', value: '' }]);
	}));

test('A-63: a function has at most 20 tags, and nothing but functions has any', () =>
	withBed(async (bed) => {
		bed.makeFunction('hello');
		const tags = Array.from({ length: 20 }, (_, index) => ({ key: `k${index}`, value: 'v' }));
		assert.is((await bed.call('POST', 'functions/hello/tags/create', { tags })).status, 204);
		const more = { tags: [{ key: 'more', value: 'v' }] };
		assert.is((await bed.call('POST', 'functions/hello/tags/create', more)).code, 'ERR_BODY_INVALID');
		assert.is((await bed.call('GET', 'volumes/hello/tags')).code, 'ERR_BODY_INVALID');
		assert.is((await bed.call('GET', 'functions/none/tags')).code, 'ERR_FUNCTION_NOT_FOUND');
	}));

test('A-64: the tags of a project are told by key with all their values', () =>
	withBed(async (bed) => {
		for (const [name, value] of [
			['one', 'red'],
			['two', 'blue'],
		] as const) {
			bed.makeFunction(name);
			await bed.call('POST', `functions/${name}/tags/create`, { tags: [{ key: 'team', value }] });
		}
		const { body } = await bed.call('GET', 'functions/tags');
		assert.equal(body, { tags: [{ key: 'team', values: ['blue', 'red'] }], sys_tags: [] });
	}));

test('A-65: functions are found and counted by tags and by a part of the name, in pages', () =>
	withBed(async (bed) => {
		for (const name of ['shop-one', 'shop-two', 'other']) bed.makeFunction(name);
		const team = (value: string) => ({ tags: [{ key: 'team', value }] });
		await bed.call('POST', 'functions/shop-one/tags/create', team('red'));
		await bed.call('POST', 'functions/shop-two/tags/create', team('blue'));
		const find = async (query: object, action = 'filter') =>
			(await bed.call('POST', `functions/resource-instances/${action}`, query)).body;
		const names = (body: { resources: { resource_name: string }[] }) =>
			body.resources.map(({ resource_name: name }) => name);
		assert.equal(names(await find({ limit: 100, offset: 0 })), ['shop-one', 'shop-two', 'other']);
		assert.equal(names(await find({ tags: [{ key: 'team', values: ['blue', 'green'] }] })), ['shop-two']);
		assert.equal(names(await find({ tags: [{ key: 'team', values: [] }] })), ['shop-one', 'shop-two']);
		const matches = [{ key: 'resource_name', value: 'shop' }];
		assert.equal(names(await find({ matches, limit: '1', offset: '1' })), ['shop-two']);
		assert.equal(names(await find({ without_any_tag: true })), ['other']);
		assert.equal(await find({ action: 'count', matches }, 'count'), { total_count: 2 });
		const detail = (await find({})).resources[0].resource_detail;
		assert.equal(detail, { func_urn: `${URN}:shop-one:latest` });
		const { code } = await bed.call('POST', 'functions/resource-instances/burn', {});
		assert.is(code, 'ERR_BODY_INVALID');
	}));

test.run();
