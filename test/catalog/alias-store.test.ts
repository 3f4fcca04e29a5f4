import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { thrownCode } from '../contract/thrown-code.ts';
import { createFunction, newTrigger, publish, withCatalog } from './catalog-bed.ts';

const test = suite('alias store');

const PLAIN = { description: '', weights: null, strategy: null };

test('K-13: an alias keeps version, description, weights and rules; an update leaves what it does not name', () => {
	withCatalog((catalog) => {
		const { id } = createFunction(catalog, 'hello');
		const [one, two] = [publish(catalog, id), publish(catalog, id)];
		const strategy = {
			[two]: {
				combine_type: 'or',
				rules: [{ rule_type: 'header', param: 'x', op: 'in', value: 'a,b' }],
			},
		};
		const made = catalog.aliases.create(id, {
			name: 'live',
			version: one,
			description: 'd',
			weights: null,
			strategy,
		});
		assert.equal(made.strategy, strategy);
		const updated = catalog.aliases.update(id, 'live', { weights: { [two]: 30 }, strategy: null });
		assert.equal(
			[updated.version, updated.description, updated.weights, updated.strategy],
			[one, 'd', { [two]: 30 }, null],
		);
		assert.equal(catalog.aliases.find(id, 'live'), updated);
		catalog.aliases.create(id, { name: 'beta', version: two, ...PLAIN });
		assert.equal(
			catalog.aliases.list(id).map(({ name }) => name),
			['beta', 'live'],
		);
		catalog.aliases.remove(id, 'beta');
		assert.is(catalog.aliases.find(id, 'beta'), null);
	});
});

test('K-14: names are taken once, versions have one alias, and both must be there', () => {
	withCatalog((catalog) => {
		const { id } = createFunction(catalog, 'hello');
		const [one, two] = [publish(catalog, id), publish(catalog, id)];
		const { aliases } = catalog;
		aliases.create(id, { name: 'a', version: one, ...PLAIN });
		aliases.create(id, { name: 'b', version: two, ...PLAIN });
		const create = (name: string, version: string, weights: Record<string, number> | null = null) =>
			thrownCode(() => aliases.create(id, { ...PLAIN, name, version, weights }));
		assert.is(create('a', 'latest'), 'ERR_ALIAS_EXISTS');
		assert.is(create('c', one), 'ERR_ALIAS_VERSION_TAKEN');
		assert.is(create('c', 'v9'), 'ERR_VERSION_NOT_FOUND');
		assert.is(create('c', 'latest', { v9: 5 }), 'ERR_VERSION_NOT_FOUND');
		assert.is(
			thrownCode(() => aliases.update(id, 'b', { version: one })),
			'ERR_ALIAS_VERSION_TAKEN',
		);
		assert.is(
			thrownCode(() => aliases.update(id, 'c', {})),
			'ERR_ALIAS_NOT_FOUND',
		);
		assert.is(
			thrownCode(() => aliases.remove(id, 'c')),
			'ERR_ALIAS_NOT_FOUND',
		);
		assert.is(
			thrownCode(() => aliases.update(id, 'b', { version: two })),
			null,
		);
		assert.is(aliases.find(id, 'b')?.version, two);
	});
});

test('K-15: an alias to which a trigger leads is ERR_ALIAS_IN_USE; without triggers it goes, reserved instances with it', () => {
	withCatalog((catalog) => {
		const { id } = createFunction(catalog, 'hello');
		catalog.aliases.create(id, { name: 'live', version: publish(catalog, id), ...PLAIN });
		const { id: triggerId } = catalog.triggers.create(id, newTrigger({ qualifier: '!live' }));
		catalog.extras.setReserved({
			functionId: id,
			qualifier: '!live',
			count: 2,
			idleMode: true,
			tactics: null,
		});
		assert.is(
			thrownCode(() => catalog.aliases.remove(id, 'live')),
			'ERR_ALIAS_IN_USE',
		);
		catalog.triggers.remove(id, triggerId);
		catalog.aliases.remove(id, 'live');
		assert.equal(catalog.aliases.list(id), []);
		assert.equal(catalog.extras.allReserved(), []);
	});
});

test.run();
