import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { thrownCode } from '../contract/thrown-code.ts';
import { createFunction, newTrigger, publish, withCatalog } from './catalog-bed.ts';

const test = suite('trigger store');

test('K-16: a trigger keeps all its fields, is listed as made, and is found by its group and by its own function only', () => {
	withCatalog((catalog) => {
		const { id } = createFunction(catalog, 'hello');
		const other = createFunction(catalog, 'other');
		const version = publish(catalog, id);
		const given = newTrigger({ groupId: 'g16', method: 'GET', match: 'prefix', auth: 'IAM' });
		const made = catalog.triggers.create(id, given);
		const { functionId, createdMs, modifiedMs, ...kept } = made;
		assert.equal(kept, given);
		assert.equal([functionId, createdMs], [id, modifiedMs]);
		assert.equal(catalog.triggers.find(id, given.id), made);
		assert.is(catalog.triggers.find(other.id, given.id), null);
		const second = catalog.triggers.create(id, newTrigger({ qualifier: version, groupId: 'g17' }));
		assert.equal(catalog.triggers.list(id), [made, second]);
		assert.equal(catalog.triggers.list(id, version), [second]);
		assert.equal(catalog.triggers.ofGroup('g16'), [made]);
		assert.equal(catalog.triggers.ofGroup('G16'), []);
		assert.equal(catalog.triggers.groups('p1'), ['g16', 'g17']);
		assert.equal(catalog.triggers.groups('p2'), []);
	});
});

test('K-17: of one group, path, match and method there is one active trigger: another is ERR_TRIGGER_PATH_TAKEN', () => {
	withCatalog((catalog) => {
		const { id } = createFunction(catalog, 'hello');
		const other = createFunction(catalog, 'other', 'p2');
		const place = { groupId: 'g1', path: '/a', method: 'GET', match: 'exact' } as const;
		const first = catalog.triggers.create(id, newTrigger(place));
		const create = (changes: Parameters<typeof newTrigger>[0]) =>
			thrownCode(() => catalog.triggers.create(other.id, newTrigger({ ...place, ...changes })));
		assert.is(create({}), 'ERR_TRIGGER_PATH_TAKEN');
		assert.is(create({ method: null }), null);
		assert.is(create({ method: null }), 'ERR_TRIGGER_PATH_TAKEN');
		assert.is(create({ match: 'prefix' }), null);
		assert.is(create({ groupId: 'g2' }), null);
		assert.is(create({ id: 'asleep', status: 'DISABLED' }), null);
		const wake = () => catalog.triggers.update(other.id, 'asleep', { status: 'ACTIVE' });
		assert.is(thrownCode(wake), 'ERR_TRIGGER_PATH_TAKEN');
		catalog.triggers.update(id, first.id, { status: 'DISABLED' });
		assert.is(thrownCode(wake), null);
		assert.is(create({ id: 'asleep', path: '/b' }), 'ERR_TRIGGER_EXISTS');
	});
});

test('K-18: a trigger leads to a version or an alias that is there', () => {
	withCatalog((catalog) => {
		const { id } = createFunction(catalog, 'hello');
		const create = (qualifier: string, functionId = id) =>
			thrownCode(() => catalog.triggers.create(functionId, newTrigger({ qualifier })));
		assert.is(create('v1'), 'ERR_VERSION_NOT_FOUND');
		assert.is(create('!live'), 'ERR_ALIAS_NOT_FOUND');
		assert.is(create('latest', 99), 'ERR_FUNCTION_NOT_FOUND');
		assert.is(create('latest'), null);
	});
});

test('K-19: a trigger is changed and deleted by its own function only; all of one version at once, or all', () => {
	withCatalog((catalog) => {
		const { triggers } = catalog;
		const { id } = createFunction(catalog, 'hello');
		const other = createFunction(catalog, 'other');
		const version = publish(catalog, id);
		const made = triggers.create(id, newTrigger());
		for (const qualifier of [version, version, 'latest']) triggers.create(id, newTrigger({ qualifier }));
		triggers.create(other.id, newTrigger());
		const updated = triggers.update(id, made.id, { path: '/new', timeoutMs: null, eventData: { a: 1 } });
		assert.equal(updated, {
			...made,
			path: '/new',
			timeoutMs: null,
			eventData: { a: 1 },
			modifiedMs: updated.modifiedMs,
		});
		assert.is(
			thrownCode(() => triggers.update(other.id, made.id, {})),
			'ERR_TRIGGER_NOT_FOUND',
		);
		assert.is(
			thrownCode(() => triggers.remove(other.id, made.id)),
			'ERR_TRIGGER_NOT_FOUND',
		);
		triggers.remove(id, made.id);
		assert.is(triggers.find(id, made.id), null);
		assert.is(triggers.removeAll(id, version), 2);
		assert.is(triggers.list(id).length, 1);
		assert.is(triggers.removeAll(id), 1);
		assert.is(triggers.removeAll(id), 0);
		assert.is(triggers.list(other.id).length, 1);
	});
});

test.run();
