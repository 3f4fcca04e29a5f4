import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Catalog } from '../../src/catalog/catalog.ts';
import type { CatalogChange } from '../../src/catalog/catalog-change.ts';
import { thrownCode } from '../contract/thrown-code.ts';
import { createFunction, newTrigger, withCatalog } from './catalog-bed.ts';

const test = suite('app store');

const APP = {
	id: 'a1',
	project: 'p1',
	name: 'shop',
	remark: '',
	key: 'key1',
	sealedSecret: 'sealed',
	frozen: false,
};
const CODE = { id: 'c1', appId: 'a1', hash: 'ab'.repeat(32), sealedCode: 'sealed' };
const AUTHORIZER = {
	id: 'z1',
	project: 'p1',
	name: 'judge',
	functionUrn: 'urn:fss:cn:p1:function:default:judge:latest',
	identities: [{ name: 'X-Who', location: 'HEADER' as const }],
	ttlSeconds: 5,
	userData: 'ü',
};

test('K-81: apps are found by id, key and hash of a code, and with them go their codes', () => {
	withCatalog(({ apps }) => {
		const made = apps.create(APP);
		assert.equal(apps.find('a1'), made);
		assert.equal(apps.byKey('key1'), made);
		assert.is(apps.byKey('KEY1'), null);
		assert.is(apps.byCodeHash(CODE.hash), null);
		apps.addCode(CODE, 1);
		assert.is(apps.byCodeHash(CODE.hash)?.id, 'a1');
		const full = thrownCode(() => apps.addCode({ ...CODE, id: 'c2', hash: 'cd' }, 1));
		assert.is(full, 'ERR_APP_CODE_LIMIT');
		apps.create({ ...APP, id: 'a2', name: 'other', key: 'key2' });
		const known = thrownCode(() => apps.addCode({ ...CODE, id: 'c2', appId: 'a2' }, 1));
		assert.is(known, 'ERR_APP_CODE_EXISTS');
		const taken = thrownCode(() => apps.update('p1', 'a2', { key: 'key1' }));
		assert.is(taken, 'ERR_APP_EXISTS');
		assert.is(apps.update('p1', 'a1', { frozen: true }).frozen, true);
		assert.is(apps.byKey('key1')?.frozen, true);
		apps.remove('p1', 'a1');
		assert.is(apps.byCodeHash(CODE.hash), null);
		assert.equal(apps.codes('a1'), []);
		assert.is(
			thrownCode(() => apps.require('p2', 'a2')),
			'ERR_APP_NOT_FOUND',
		);
	});
});

test('K-82: each change of apps, codes, what they may call and authorizers is told once, and is there when opened again', () => {
	withCatalog((catalog, folder) => {
		const { apps, authorizers, triggers } = catalog;
		const { id } = createFunction(catalog, 'hello');
		triggers.create(id, newTrigger({ eventData: { api_id: 'api1' } }));
		const told: CatalogChange[] = [];
		catalog.onChange((change) => told.push(change));
		apps.create(APP);
		apps.addCode(CODE, 5);
		const [first] = apps.grant([{ id: 'g1', appId: 'a1', apiId: 'api1' }]);
		const [again] = apps.grant([{ id: 'g2', appId: 'a1', apiId: 'api1' }]);
		assert.equal([first?.id, again?.id], ['g1', 'g1']);
		const judge = authorizers.create(AUTHORIZER);
		assert.is(told.length, 5);
		assert.ok(told.every(({ kind, functionId }) => kind === 'app' && functionId === 0));
		catalog.close();
		const next = Catalog.open(folder);
		try {
			assert.ok(next.apps.mayCall('a1', 'api1'));
			assert.not(next.apps.mayCall('a1', 'api2'));
			assert.is(next.apps.byCodeHash(CODE.hash)?.name, 'shop');
			assert.equal(next.authorizers.find('z1'), judge);
			next.functions.remove(id);
			assert.not(next.apps.mayCall('a1', 'api1'));
		} finally {
			next.close();
		}
	});
});

test('K-83: an authorizer’s name is taken once in a project, and it stays while a trigger asks it', () => {
	withCatalog((catalog) => {
		const { authorizers, triggers } = catalog;
		authorizers.create(AUTHORIZER);
		assert.is(
			thrownCode(() => authorizers.create({ ...AUTHORIZER, id: 'z2' })),
			'ERR_AUTHORIZER_EXISTS',
		);
		authorizers.create({ ...AUTHORIZER, id: 'z2', project: 'p2' });
		const { id } = createFunction(catalog, 'hello');
		const asks = newTrigger({ auth: 'AUTHORIZER', eventData: { authorizer_id: 'z1' } });
		triggers.create(id, asks);
		assert.is(
			thrownCode(() => authorizers.remove('p1', 'z1')),
			'ERR_AUTHORIZER_IN_USE',
		);
		triggers.remove(id, asks.id);
		authorizers.remove('p1', 'z1');
		assert.is(authorizers.find('z1'), null);
		assert.is(
			thrownCode(() => authorizers.require('p1', 'z2')),
			'ERR_AUTHORIZER_NOT_FOUND',
		);
	});
});

test.run();
