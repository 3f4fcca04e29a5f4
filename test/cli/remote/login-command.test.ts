import { chmod, readFile, stat } from 'node:fs/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isSignatureOf, parseSdkAuthorization } from '../../../src/contract/sdk-signature.ts';
import { sha256Hex } from './sha256-hex.ts';
import { type Asked, standInServer } from './stand-in-server.ts';
import { userHome } from './user-home.ts';

const test = suite('httpfn login and context');
const NO_FUNCTIONS = { functions: [], next_marker: 0, count: 0 };
const SECRET = 'secret-of-a-test';

function isSignedBy({ method, url, headers }: Asked, secretKey: string): boolean {
	const authorization = parseSdkAuthorization(headers.authorization ?? '');
	if (authorization === null) return false;
	const fields = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, `${value}`]));
	return isSignatureOf(authorization, { method, url, headers: fields }, sha256Hex(''), secretKey);
}

test('U-104: login asks the server once, signed with the secret key that stdin has, and remembers it for this user alone', async () => {
	await using home = await userHome();
	await using server = await standInServer(() => ({ body: NO_FUNCTIONS }));
	const argv = [
		'login',
		server.url,
		'--access-key',
		'AK1',
		'--project-id',
		'p1',
		'--context',
		'one',
		'--json',
	];
	const { code, stdout } = await home.httpfn(argv, { input: `${SECRET}\n` });
	assert.is(code, 0);
	assert.equal(JSON.parse(stdout), {
		context: 'one',
		endpoint: server.url,
		project: 'p1',
		region: 'cn',
		credentials: 'keys',
	});
	assert.equal(server.calls, ['GET /v2/p1/fgs/functions?maxitems=1']);
	assert.ok(server.asked.every((asked) => isSignedBy(asked, SECRET)));
	assert.is((await stat(home.contextFile)).mode & 0o777, 0o600);
	assert.match(await readFile(home.contextFile, 'utf8'), SECRET);
});

test('U-104: a token comes from a variable as well; what the server refuses is not remembered', async () => {
	await using home = await userHome();
	await using server = await standInServer(({ headers }) =>
		headers['x-auth-token'] === 'right'
			? { body: NO_FUNCTIONS }
			: { status: 401, body: { error_code: 'FSS.0401', error_msg: 'Unauthorized access.' } },
	);
	const argv = ['login', server.url, '--token'];
	const wrong = await home.httpfn(argv, { env: { HW_AUTH_TOKEN: 'wrong' } });
	assert.equal([wrong.code, /ERR_\w+/.exec(wrong.stderr)?.[0]], [1, 'ERR_SERVER_REFUSED']);
	assert.equal(JSON.parse((await home.httpfn(['context', 'list', '--json'])).stdout), { contexts: [] });
	const right = await home.httpfn(argv, { env: { HW_AUTH_TOKEN: 'right' } });
	assert.is(right.code, 0);
	assert.is((await home.httpfn(['list'])).code, 0);
});

test('U-104: keys that are missing or given twice are errors before anything is sent', async () => {
	await using home = await userHome();
	const lines = [
		['login', 'https://fn.example.com'],
		['login', 'ftp://fn.example.com'],
		['login', '--token', '--access-key', 'A'],
		['login', '--access-key', 'A', '--offline'],
		['login', '--secret-key', 'S'],
	];
	const results = await Promise.all(lines.map((argv) => home.httpfn(argv)));
	assert.equal(
		results.map(({ code, stderr }) => [code, /ERR_\w+: \S+/.exec(stderr)?.[0]]),
		[
			[2, 'ERR_USAGE: --access-key:'],
			[2, 'ERR_CONFIG_INVALID: URL:'],
			[2, 'ERR_USAGE: --token:'],
			[2, 'ERR_CONFIG_INVALID: secret'],
			[2, 'ERR_USAGE: --secret-key:'],
		],
	);
});

test('U-104: a file of contexts that others may read is refused, and so is one that is none; neither is shown', async () => {
	await using home = await userHome();
	await home.httpfn(['login', '--offline', '--access-key', 'A'], { input: SECRET });
	await chmod(home.contextFile, 0o640);
	const open = await home.httpfn(['list']);
	assert.equal([open.code, /ERR_\w+/.exec(open.stderr)?.[0]], [2, 'ERR_CONFIG_INVALID']);
	assert.match(open.stderr, 'chmod 600');
	assert.not.match(open.stderr, SECRET);
});

test('U-105: several servers are remembered; use chooses, --context overrides it for one command, remove forgets', async () => {
	await using home = await userHome();
	await using one = await standInServer(() => ({ body: NO_FUNCTIONS }));
	await using two = await standInServer(() => ({ body: NO_FUNCTIONS }));
	await home.httpfn(['login', one.url, '--context', 'one', '--offline']);
	await home.httpfn(['login', two.url, '--context', 'two', '--offline']);
	await home.httpfn(['list']);
	assert.equal([one.asked.length, two.asked.length], [0, 1]);
	assert.is((await home.httpfn(['context', 'use', 'one'])).stdout, 'in use: one\n');
	await home.httpfn(['list']);
	await home.httpfn(['list', '--context', 'two']);
	assert.equal([one.asked.length, two.asked.length], [1, 2]);
	await home.httpfn(['context', 'remove', 'one']);
	const { contexts } = JSON.parse((await home.httpfn(['context', 'list', '--json'])).stdout);
	assert.equal(
		contexts.map(({ name, current }: { name: string; current: boolean }) => [name, current]),
		[['two', false]],
	);
	const unknown = await home.httpfn(['list', '--context', 'tow']);
	assert.is(unknown.code, 2);
	assert.match(unknown.stderr, 'nearest is two');
});

test('U-105: the list of servers shows no key', async () => {
	await using home = await userHome();
	await home.httpfn(['login', '--offline', '--access-key', 'AKEY'], { input: SECRET });
	const shown = await Promise.all([
		home.httpfn(['context', 'list']),
		home.httpfn(['context', 'list', '--json']),
	]);
	for (const { code, stdout } of shown) {
		assert.is(code, 0);
		assert.not.match(stdout, 'AKEY');
		assert.not.match(stdout, SECRET);
	}
});

test.run();
