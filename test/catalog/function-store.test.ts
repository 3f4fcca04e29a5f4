import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { thrownCode } from '../contract/thrown-code.ts';
import { CODE, CONFIG, createFunction, newTrigger, publish, withCatalog } from './catalog-bed.ts';

const test = suite('function store');

test('K-1: a function is found by its key, its id and its resource id, with all that was given', () => {
	withCatalog((catalog) => {
		const key = { project: 'p1', package: 'app', name: 'hello' };
		const config = {
			...CONFIG,
			description: 'Grüße “你好”',
			kept: { func_vpc: { vpc_id: 'x', ids: [1, null] } },
		};
		const made = catalog.functions.create(key, config, CODE);
		assert.match(made.resourceId, /^[0-9a-f]{32}$/);
		assert.equal(made.latest.config, config);
		assert.equal(made.latest.code, CODE);
		assert.is(made.latest.version, 'latest');
		for (const found of [
			catalog.functions.find(key),
			catalog.functions.byId(made.id),
			catalog.functions.byResourceId('p1', made.resourceId),
		]) {
			assert.equal(found, made);
		}
		assert.is(catalog.functions.byResourceId('p2', made.resourceId), null);
		assert.is(catalog.functions.find({ ...key, package: 'default' }), null);
	});
});

test('K-1: a second function of the same project, package and name is ERR_FUNCTION_EXISTS, and the first stays', () => {
	withCatalog((catalog) => {
		const first = createFunction(catalog, 'hello');
		const again = () => createFunction(catalog, 'hello');
		assert.is(thrownCode(again), 'ERR_FUNCTION_EXISTS');
		assert.equal(catalog.functions.byId(first.id), first);
		assert.is(catalog.functions.count('p1'), 1);
		assert.is(
			thrownCode(() => createFunction(catalog, 'hello', 'p2')),
			null,
		);
	});
});

test('K-2: the id of a function that was deleted is never given again', () => {
	withCatalog((catalog) => {
		const first = createFunction(catalog, 'hello');
		catalog.functions.remove(first.id);
		const second = createFunction(catalog, 'hello');
		assert.ok(second.id > first.id);
		assert.not.equal(second.resourceId, first.resourceId);
		assert.is(catalog.functions.byId(first.id), null);
	});
});

test('K-3: functions are listed oldest first, page by page, with the count of all that match', () => {
	withCatalog((catalog) => {
		for (const name of ['one', 'two', 'three', 'four', 'five']) createFunction(catalog, name);
		createFunction(catalog, 'other', 'p2');
		const names: string[] = [];
		let afterId = 0;
		do {
			const page = catalog.functions.list({ project: 'p1', afterId, limit: 2 });
			assert.is(page.count, 5);
			assert.ok(page.records.length <= 2);
			names.push(...page.records.map(({ name }) => name));
			afterId = page.nextMarker;
		} while (afterId !== 0);
		assert.equal(names, ['one', 'two', 'three', 'four', 'five']);
		const whole = catalog.functions.list({ project: 'p1', afterId: 0, limit: 5 });
		assert.is(whole.nextMarker, 0);
		assert.equal(catalog.functions.list({ project: 'nobody', afterId: 0, limit: 5 }), {
			records: [],
			nextMarker: 0,
			count: 0,
		});
	});
});

test('K-3: a list by package and by a part of the name has only those, and counts only those', () => {
	withCatalog((catalog) => {
		for (const name of ['order-new', 'order-old', 'bill_100%']) {
			createFunction(catalog, name);
			catalog.functions.create({ project: 'p1', package: 'shop', name }, CONFIG, CODE);
		}
		const named = (name: string) => catalog.functions.list({ project: 'p1', name, afterId: 0, limit: 1 });
		assert.is(named('order').count, 4);
		assert.ok(named('order').nextMarker > 0);
		assert.is(named('%').count, 2);
		assert.is(named('_100').count, 2);
		assert.is(named('rder-x').count, 0);
		const both = catalog.functions.list({
			project: 'p1',
			package: 'shop',
			name: 'order',
			afterId: 0,
			limit: 9,
		});
		assert.equal(
			both.records.map(({ package: app, name }) => `${app}/${name}`),
			['shop/order-new', 'shop/order-old'],
		);
		assert.is(both.count, 2);
		assert.is(catalog.functions.list({ project: 'p1', package: 'shop', afterId: 0, limit: 1 }).count, 3);
	});
});

test('K-4: new configuration and new code are those of latest; what was published stays as it was', () => {
	withCatalog((catalog) => {
		const { id, latest } = createFunction(catalog, 'hello');
		catalog.revisions.publish(id, { description: 'first' });
		const config = { ...CONFIG, memory_size: 512 };
		const code = { type: 'inline', filename: 'bootstrap', bytes: 7, digest: '0b'.repeat(64) } as const;
		const configured = catalog.functions.updateConfig(id, config);
		assert.equal(configured.latest.config, config);
		assert.equal(configured.latest.code, latest.code);
		const coded = catalog.functions.updateCode(id, code);
		assert.equal(coded.latest.code, code);
		assert.equal(coded.latest.config, config);
		assert.ok(coded.latest.modifiedMs >= latest.modifiedMs);
		const published = catalog.revisions.find(id, 'v1');
		assert.equal(published?.config, CONFIG);
		assert.equal(published?.code, CODE);
		assert.is(
			thrownCode(() => catalog.functions.updateConfig(999, config)),
			'ERR_FUNCTION_NOT_FOUND',
		);
		assert.is(
			thrownCode(() => catalog.functions.updateCode(999, code)),
			'ERR_FUNCTION_NOT_FOUND',
		);
	});
});

test('K-5: a function goes with its versions, aliases, triggers, tags, reserved instances, test events and statistics', () => {
	withCatalog((catalog) => {
		const { id } = createFunction(catalog, 'hello');
		const kept = createFunction(catalog, 'kept');
		const version = publish(catalog, id);
		catalog.aliases.create(id, { name: 'live', version, description: '', weights: null, strategy: null });
		catalog.triggers.create(id, newTrigger({ groupId: 'g5', qualifier: '!live' }));
		catalog.extras.addTags(id, [{ key: 'a', value: 'b' }]);
		catalog.extras.setReserved({
			functionId: id,
			qualifier: version,
			count: 1,
			idleMode: false,
			tactics: null,
		});
		catalog.extras.createTestEvent(id, { name: 'e', content: '' });
		catalog.functions.remove(id);
		assert.is(catalog.functions.byId(id), null);
		assert.is(catalog.revisions.find(id, version), null);
		assert.equal(catalog.aliases.list(id), []);
		assert.equal(catalog.triggers.ofGroup('g5'), []);
		assert.equal(catalog.extras.tags(id), []);
		assert.equal(catalog.extras.allReserved(), []);
		assert.equal(catalog.extras.testEvents(id), []);
		assert.equal(catalog.functions.byId(kept.id), kept);
		assert.is(
			thrownCode(() => catalog.functions.remove(id)),
			'ERR_FUNCTION_NOT_FOUND',
		);
	});
});

test('K-6: functions and code bytes of a project are counted with each write, all versions included', () => {
	withCatalog((catalog) => {
		const { functions } = catalog;
		const { id } = createFunction(catalog, 'hello');
		createFunction(catalog, 'other');
		createFunction(catalog, 'elsewhere', 'p2');
		assert.equal([functions.count('p1'), functions.codeBytes('p1')], [2, 2000]);
		const version = publish(catalog, id);
		assert.is(functions.codeBytes('p1'), 3000);
		functions.updateCode(id, { ...CODE, bytes: 1500 });
		assert.is(functions.codeBytes('p1'), 3500);
		catalog.revisions.remove(id, version);
		assert.is(functions.codeBytes('p1'), 2500);
		functions.remove(id);
		assert.equal([functions.count('p1'), functions.codeBytes('p1')], [1, 1000]);
		assert.equal([functions.count('p2'), functions.codeBytes('p2')], [1, 1000]);
		assert.equal([functions.count('p3'), functions.codeBytes('p3')], [0, 0]);
	});
});

test.run();
