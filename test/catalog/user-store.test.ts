import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Catalog } from '../../src/catalog/catalog.ts';
import { thrownCode } from '../contract/thrown-code.ts';
import { withCatalog } from './catalog-bed.ts';

const test = suite('user store');

const USER = {
	name: 'ann',
	rights: ['read', 'invoke'],
	accessKey: 'AK1',
	sealedSecretKey: 'sealed',
	tokenHash: null,
} as const;

test('K-24: users are found by name, access key and hash of their token; names and access keys are taken once', () => {
	withCatalog(({ users }) => {
		assert.is(users.count(), 0);
		const ann = users.create(USER);
		assert.equal(users.find('ann'), ann);
		assert.equal(users.byAccessKey('AK1'), ann);
		assert.is(users.byAccessKey('ak1'), null);
		users.setTokenHash('ann', 'ab'.repeat(32));
		assert.is(users.byTokenHash('ab'.repeat(32))?.name, 'ann');
		users.setTokenHash('ann', null);
		assert.is(users.byTokenHash('ab'.repeat(32)), null);
		assert.is(
			thrownCode(() => users.create({ ...USER, accessKey: 'AK2' })),
			'ERR_USER_EXISTS',
		);
		assert.is(
			thrownCode(() => users.create({ ...USER, name: 'bob' })),
			'ERR_USER_EXISTS',
		);
		users.create({ ...USER, name: 'aaron', accessKey: 'AK2' });
		assert.equal(
			users.list().map(({ name }) => name),
			['aaron', 'ann'],
		);
		users.remove('ann');
		assert.is(users.count(), 1);
		assert.is(
			thrownCode(() => users.remove('ann')),
			'ERR_USER_NOT_FOUND',
		);
		assert.is(
			thrownCode(() => users.setTokenHash('ann', null)),
			'ERR_USER_NOT_FOUND',
		);
	});
});

test('K-24: a user made or removed through another opening counts at once', () => {
	withCatalog(({ users }, folder) => {
		const beside = Catalog.open(folder, { shared: true });
		try {
			beside.users.create(USER);
			assert.is(users.count(), 1);
			assert.is(users.byAccessKey('AK1')?.name, 'ann');
			beside.users.remove('ann');
			assert.is(users.byAccessKey('AK1'), null);
		} finally {
			beside.close();
		}
	});
});

test.run();
