import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { thrownCode } from '../contract/thrown-code.ts';
import { CODE, CONFIG, createFunction, newTrigger, publish, withCatalog } from './catalog-bed.ts';

const test = suite('revision store');

test('K-7: a version is published as v1, v2, … by how many ever were, or by the name that is given', () => {
	withCatalog((catalog) => {
		const { id } = createFunction(catalog, 'hello');
		const first = catalog.revisions.publish(id, { description: 'the first' });
		assert.is(first.version, 'v1');
		assert.is(first.description, 'the first');
		assert.equal(first.config, CONFIG);
		assert.equal(first.code, CODE);
		assert.is(publish(catalog, id), 'v2');
		catalog.revisions.remove(id, 'v2');
		assert.is(publish(catalog, id), 'v3');
		catalog.functions.updateConfig(id, { ...CONFIG, timeout: 60 });
		assert.is(catalog.revisions.publish(id, { version: 'v5', description: '' }).version, 'v5');
		assert.is(publish(catalog, id), 'v6');
		catalog.functions.updateConfig(id, { ...CONFIG, timeout: 61 });
		const again = () => catalog.revisions.publish(id, { version: 'v5', description: '' });
		assert.is(thrownCode(again), 'ERR_VERSION_EXISTS');
		const latest = () => catalog.revisions.publish(id, { version: 'latest', description: '' });
		assert.is(thrownCode(latest), 'ERR_VERSION_EXISTS');
		assert.is(catalog.revisions.publish(id, { description: '' }).version, 'v7');
	});
});

test('K-8: publishing what the newest version is already is ERR_VERSION_UNCHANGED, however its fields are ordered', () => {
	withCatalog((catalog) => {
		const { id } = createFunction(catalog, 'hello');
		const again = () => catalog.revisions.publish(id, { description: 'other words' });
		again();
		assert.is(thrownCode(again), 'ERR_VERSION_UNCHANGED');
		const turned = Object.fromEntries(Object.entries(CONFIG).reverse()) as unknown as typeof CONFIG;
		catalog.functions.updateConfig(id, turned);
		assert.is(thrownCode(again), 'ERR_VERSION_UNCHANGED');
		catalog.functions.updateCode(id, { ...CODE, digest: '0c'.repeat(64) });
		assert.is(thrownCode(again), null);
		catalog.functions.updateConfig(id, { ...CONFIG, kept: { a: [1] } });
		assert.is(thrownCode(again), null);
		assert.is(catalog.revisions.count(id), 4);
	});
});

test('K-9: publishing with the digest of other code is ERR_BODY_INVALID', () => {
	withCatalog((catalog) => {
		const { id } = createFunction(catalog, 'hello');
		const other = () => catalog.revisions.publish(id, { description: '', digest: '00'.repeat(64) });
		assert.is(thrownCode(other), 'ERR_BODY_INVALID');
		assert.is(catalog.revisions.count(id), 1);
		const same = () => catalog.revisions.publish(id, { description: '', digest: CODE.digest.toUpperCase() });
		assert.is(thrownCode(same), null);
		assert.is(
			thrownCode(() => catalog.revisions.publish(99, { description: '' })),
			'ERR_FUNCTION_NOT_FOUND',
		);
	});
});

test('K-10: versions are listed page by page, latest first, then as they were published', () => {
	withCatalog((catalog) => {
		const { id } = createFunction(catalog, 'hello');
		for (let index = 0; index < 3; index += 1) publish(catalog, id);
		const first = catalog.revisions.list(id, { after: 0, limit: 3 });
		assert.equal(
			first.records.map(({ version }) => version),
			['latest', 'v1', 'v2'],
		);
		assert.is(first.count, 4);
		const second = catalog.revisions.list(id, { after: first.nextMarker, limit: 3 });
		assert.equal(
			second.records.map(({ version }) => version),
			['v3'],
		);
		assert.is(second.nextMarker, 0);
	});
});

test('K-11: a version goes with its alias, and with the triggers and reserved instances of both', () => {
	withCatalog((catalog) => {
		const { id } = createFunction(catalog, 'hello');
		const version = publish(catalog, id);
		const alias = { version, description: '', weights: null, strategy: null };
		catalog.aliases.create(id, { name: 'live', ...alias });
		for (const qualifier of [version, '!live', 'latest']) {
			catalog.triggers.create(id, newTrigger({ qualifier }));
			catalog.extras.setReserved({ functionId: id, qualifier, count: 1, idleMode: false, tactics: null });
		}
		catalog.revisions.remove(id, version);
		assert.is(catalog.revisions.find(id, version), null);
		assert.equal(catalog.aliases.list(id), []);
		assert.equal(
			catalog.triggers.list(id).map(({ qualifier }) => qualifier),
			['latest'],
		);
		assert.equal(
			catalog.extras.reservedOf(id).map(({ qualifier }) => qualifier),
			['latest'],
		);
		assert.is(
			thrownCode(() => catalog.revisions.remove(id, version)),
			'ERR_VERSION_NOT_FOUND',
		);
	});
});

test('K-11: latest, and a version that is the additional one of an alias, are ERR_VERSION_IN_USE and stay', () => {
	withCatalog((catalog) => {
		const { id } = createFunction(catalog, 'hello');
		const [main, weighted, ruled] = [publish(catalog, id), publish(catalog, id), publish(catalog, id)];
		const rules = { combine_type: 'and', rules: [] };
		catalog.aliases.create(id, {
			name: 'a',
			version: main,
			description: '',
			weights: { [weighted]: 10 },
			strategy: null,
		});
		catalog.aliases.create(id, {
			name: 'b',
			version: 'latest',
			description: '',
			weights: null,
			strategy: { [ruled]: rules },
		});
		for (const version of ['latest', weighted, ruled]) {
			assert.is(
				thrownCode(() => catalog.revisions.remove(id, version)),
				'ERR_VERSION_IN_USE',
			);
		}
		assert.is(catalog.revisions.count(id), 4);
		assert.is(catalog.aliases.list(id).length, 2);
	});
});

test('K-12: the digests in use are those of every version of every function', () => {
	withCatalog((catalog) => {
		const { id } = createFunction(catalog, 'hello');
		publish(catalog, id);
		catalog.functions.updateCode(id, { ...CODE, digest: '0d'.repeat(64) });
		createFunction(catalog, 'same-code');
		assert.equal([...catalog.revisions.digests()].sort(), [CODE.digest, '0d'.repeat(64)]);
		catalog.functions.remove(id);
		assert.equal([...catalog.revisions.digests()], [CODE.digest]);
	});
});

test.run();
