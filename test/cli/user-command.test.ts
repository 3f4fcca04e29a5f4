import { readdir } from 'node:fs/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runSource } from '../harness/source-process.ts';
import { carrying, JudgingServer, StateFolder, signedNow } from '../server/users-bed.ts';

const test = suite('httpfn user');
const HOUR_MS = 3_600_000;

function user(state: StateFolder, ...words: readonly string[]): ReturnType<typeof runSource> {
	return runSource('src/cli/main.ts', ['user', ...words, '--state', state.path]);
}

/** What it prints with --json. */
async function printed(state: StateFolder, ...words: readonly string[]): Promise<Record<string, unknown>> {
	const { code, stdout, stderr } = await user(state, ...words, '--json');
	assert.is(code, 0, stderr);
	return JSON.parse(stdout);
}

/** Its exit code, and the code of the error it prints with --json. */
async function failed(
	state: StateFolder,
	...words: readonly string[]
): Promise<[number | null, string, string]> {
	const { code, stdout, stderr } = await user(state, ...words, '--json');
	assert.is(stdout, '');
	return [code, JSON.parse(stderr).code, stderr];
}

test('A-119: keys that user add prints sign for that user, with the rights given', async () => {
	await using state = new StateFolder();
	const ada = await printed(state, 'add', 'ada');
	const { accessKey, secretKey } = ada;
	assert.equal(ada, { name: 'ada', rights: ['read', 'deploy', 'invoke'], accessKey, secretKey });
	assert.match(String(accessKey), /^[A-Z0-9]{20}$/);
	assert.match(String(secretKey), /^[A-Za-z0-9]{40}$/);
	const { stdout } = await user(state, 'add', 'ci', '--rights', 'deploy,read');
	const [, key = '', secret = ''] = /^access key {2}(\S+)\nsecret key {2}(\S+)\n$/.exec(stdout) ?? [];
	using server = new JudgingServer(state.path);
	const keys = { accessKey: String(accessKey), secretKey: String(secretKey) };
	assert.is(server.judge(signedNow(keys)), 'ada read deploy invoke');
	assert.is(server.judge(signedNow({ accessKey: key, secretKey: secret })), 'ci read deploy');
});

test('A-121: user token prints a token that lasts 24 hours, or as many as it is told', async () => {
	await using state = new StateFolder();
	await printed(state, 'add', 'ci', '--rights', 'read');
	const first = await printed(state, 'token', 'ci');
	const second = await printed(state, 'token', 'ci', '--hours', '720');
	const hours = ({ ends }: Record<string, unknown>) => (Date.parse(String(ends)) - Date.now()) / HOUR_MS;
	assert.equal([Math.round(hours(first)), Math.round(hours(second))], [24, 720]);
	using server = new JudgingServer(state.path);
	assert.is(server.judge(carrying(String(second.token))), 'ci read');
});

test('A-122: user list shows no secret, and makes nothing where there is nothing', async () => {
	await using state = new StateFolder();
	assert.equal(await printed(state, 'list'), { users: [] });
	assert.equal(await readdir(state.path), []);
	const { accessKey, secretKey } = await printed(state, 'add', 'ada');
	const { users } = (await printed(state, 'list')) as { users: Record<string, unknown>[] };
	const { created, ...shown } = users[0] ?? {};
	assert.equal(shown, { name: 'ada', rights: ['read', 'deploy', 'invoke'], accessKey, token: false });
	assert.ok(Math.abs(Date.parse(String(created)) - Date.now()) < HOUR_MS);
	const { stdout } = await user(state, 'list');
	assert.match(stdout, new RegExp(`ada +read,deploy,invoke +${accessKey} +no `));
	assert.not(stdout.includes(String(secretKey)));
	assert.equal(await printed(state, 'remove', 'ada'), { name: 'ada', removed: true });
});

test('A-123: names, rights and hours that can not be are told together, and nothing is made', async () => {
	await using state = new StateFolder();
	const [exit, code, text] = await failed(state, 'add', 'a b', '--rights', 'read,fly,');
	assert.equal([exit, code], [2, 'ERR_CONFIG_INVALID']);
	assert.match(text, 'NAME');
	assert.match(text, 'fly');
	assert.is((await failed(state, 'token', 'ada', '--hours', '8761'))[0], 2);
	assert.equal((await failed(state, 'add')).slice(0, 2), [2, 'ERR_USAGE']);
	assert.equal(await readdir(state.path), []);
	assert.equal((await failed(state, 'remove', 'eve')).slice(0, 2), [1, 'ERR_USER_NOT_FOUND']);
});

test.run();
