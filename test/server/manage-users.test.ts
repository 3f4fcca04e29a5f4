import { chmod, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RIGHTS } from '../../src/catalog/records.ts';
import { addUser, listUsers, removeUser, renewToken } from '../../src/server/manage-users.ts';
import { thrownCode } from '../contract/thrown-code.ts';
import { carrying, JudgingServer, StateFolder, signedNow } from './users-bed.ts';

const test = suite('managing users');

test('A-120: a server that runs sees with its next call who was added and who was removed', async () => {
	await using state = new StateFolder();
	using server = new JudgingServer(state.path);
	const stranger = signedNow({ accessKey: 'any', secretKey: 'any' });
	assert.is(server.judge(stranger), 'anyone read deploy invoke');
	const ada = addUser(state.path, 'ada', RIGHTS);
	const ci = addUser(state.path, 'ci', ['read']);
	assert.is(server.judge(stranger), 'ERR_UNAUTHORIZED');
	assert.is(server.judge(signedNow(ada)), 'ada read deploy invoke');
	assert.is(server.judge(signedNow(ci)), 'ci read');
	assert.is(server.judge(signedNow({ ...ada, secretKey: ci.secretKey })), 'ERR_UNAUTHORIZED');
	removeUser(state.path, 'ada');
	assert.is(server.judge(signedNow(ada)), 'ERR_UNAUTHORIZED');
});

test('A-121: a new token ends the one before, and the keys stay', async () => {
	await using state = new StateFolder();
	const ci = addUser(state.path, 'ci', ['read']);
	const first = renewToken(state.path, 'ci', 24);
	using server = new JudgingServer(state.path);
	assert.is(server.judge(carrying(first.token)), 'ci read');
	const second = renewToken(state.path, 'ci', 24);
	assert.is(server.judge(carrying(first.token)), 'ERR_UNAUTHORIZED');
	assert.is(server.judge(carrying(second.token)), 'ci read');
	assert.is(server.judge(signedNow(ci)), 'ci read');
});

test('A-124: neither secret key nor token can be read in what is stored, and catalog and key are for their owner alone', async () => {
	await using state = new StateFolder();
	const { secretKey } = addUser(state.path, 'ada', RIGHTS);
	const { token } = renewToken(state.path, 'ada', 24);
	using _server = new JudgingServer(state.path);
	const names = await readdir(state.path);
	assert.ok(names.includes('catalog.db') && names.includes('key'), names.join());
	for (const name of names) {
		const content = await readFile(path.join(state.path, name), 'latin1');
		assert.not(content.includes(secretKey) || content.includes(token), name);
		const { mode } = await stat(path.join(state.path, name));
		if (/^(?:catalog\.db|key$)/.test(name)) assert.is(mode & 0o077, 0, name);
	}
});

test('A-123: a name that is taken, or that nobody has, is told by its code', async () => {
	await using state = new StateFolder();
	addUser(state.path, 'ada', RIGHTS);
	assert.is(
		thrownCode(() => addUser(state.path, 'ada', ['read'])),
		'ERR_USER_EXISTS',
	);
	assert.is(
		thrownCode(() => removeUser(state.path, 'eve')),
		'ERR_USER_NOT_FOUND',
	);
	assert.is(
		thrownCode(() => renewToken(state.path, 'eve', 24)),
		'ERR_USER_NOT_FOUND',
	);
	assert.equal(
		listUsers(state.path).map(({ name, rights, token }) => ({ name, rights, token })),
		[{ name: 'ada', rights: RIGHTS, token: false }],
	);
});

test('A-123: where others may read the key file no user is made', async () => {
	await using state = new StateFolder();
	addUser(state.path, 'ada', RIGHTS);
	await chmod(path.join(state.path, 'key'), 0o644);
	assert.is(
		thrownCode(() => addUser(state.path, 'eve', RIGHTS)),
		'ERR_STATE_UNAVAILABLE',
	);
	assert.is(listUsers(state.path).length, 1);
});

test.run();
