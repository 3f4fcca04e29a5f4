/** Who may call, set up by commands and tried by requests. */
import { once } from 'node:events';
import http from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { functionFolder } from '../../harness/function-folder.ts';
import { echoFunction } from '../echo-function.ts';
import { serverBed } from './server-bed.ts';
import { standInServer } from './stand-in-server.ts';
import { userHome } from './user-home.ts';

const test = suite('callers of a server of its own');

/** Judges what is posted to it, and tells everybody else what reached it: one instance is all that an engine without namespaces has. */
const JUDGE = `
import http from 'node:http';
http.createServer((request, response) => {
	const chunks = [];
	request.on('data', (chunk) => chunks.push(chunk));
	request.on('end', () => {
		if (request.method === 'GET') {
			response.statusCode = 201;
			response.end(JSON.stringify({ headers: request.headers }));
			return;
		}
		const { headers } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
		const status = headers['x-user'] === 'ada' ? 'allow' : 'deny';
		response.end(JSON.stringify({ status, context: { user_name: headers['x-user'] } }));
	});
}).listen(8000, '127.0.0.1');
`;

interface Answer {
	readonly status: number;
	/** X-Httpfn-Error; undefined: none. */
	readonly code: string | undefined;
	/** What reached the function, in lower case. */
	readonly headers: Readonly<Record<string, string>>;
}

/** Names below localhost are this machine. */
async function ask(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
	const { host, port, pathname } = new URL(url);
	const request = http.get({ host: '127.0.0.1', port, path: pathname, headers: { Host: host, ...headers } });
	const [response] = await once(request, 'response');
	const body = JSON.parse(Buffer.concat(await response.toArray()).toString('utf8'));
	const code = response.headers['x-httpfn-error'];
	return { status: response.statusCode, code, headers: body.headers ?? {} };
}

test('U-140: an app is made, allowed, given a code, denied and removed, and every call is judged by that', async () => {
	await using the = await serverBed();
	await using folder = await echoFunction();
	await the.done('deploy', folder.path, '--name', 'hello');
	const url = (await the.done('trigger', 'add', 'hello', '--path', '/orders', '--auth', 'APP')).trim();
	const app = JSON.parse(await the.done('app', 'add', 'shop', '--json'));
	const pair = { 'X-HW-ID': app.app_key, 'X-HW-AppKey': app.app_secret };
	assert.is((await ask(url)).code, 'ERR_APP_UNAUTHORIZED');
	assert.is((await ask(url, pair)).code, 'ERR_APP_FORBIDDEN');
	assert.match(await the.done('app', 'allow', 'shop', 'hello', '--path', '/orders'), /^shop may call /);
	const answered = await ask(url, { ...pair, 'X-Own': '1' });
	assert.equal([answered.status, answered.headers['x-own']], [201, '1']);
	assert.is(answered.headers['x-hw-appkey'], undefined);
	const code = (await the.done('app', 'add-code', 'shop')).trim();
	assert.is((await ask(url, { 'X-Apig-AppCode': code })).status, 201);
	assert.match(await the.done('app', 'show', 'shop'), code);
	const before = app.app_secret;
	await the.done('app', 'reset-secret', 'shop');
	assert.is((await ask(url, { ...pair, 'X-HW-AppKey': before })).code, 'ERR_APP_UNAUTHORIZED');
	await the.done('app', 'deny', 'shop', 'hello');
	assert.is((await ask(url, { 'X-Apig-AppCode': code })).code, 'ERR_APP_FORBIDDEN');
	await the.done('app', 'remove', 'shop');
	assert.is((await ask(url, { 'X-Apig-AppCode': code })).code, 'ERR_APP_UNAUTHORIZED');
	assert.is((await the.fails('app', 'show', 'shop')).code, 2);
});

test('U-140: an app is denied a trigger that has another auth by now, so that it is not let in when APP comes back', async () => {
	const app = { id: 'a1', name: 'shop', app_key: 'key', app_secret: 'secret' };
	const trigger = {
		trigger_id: 't1',
		trigger_type_code: 'APIG',
		event_data: { auth: 'IAM', api_id: 'api1' },
	};
	const answers: Readonly<Record<string, unknown>> = {
		apps: { apps: [app] },
		a1: app,
		config: { func_urn: 'urn:fss:cn:p1:function:default:hello', func_name: 'hello' },
		'binded-apis': { auths: [{ id: 'g1', api_id: 'api1' }] },
	};
	await using server = await standInServer(({ method, url }) => {
		if (method === 'DELETE') return { status: 204 };
		const { pathname } = new URL(url, 'http://any');
		return { body: answers[pathname.split('/').at(-1) ?? ''] ?? [trigger] };
	});
	await using home = await userHome();
	const keys = { env: { HW_ACCESS_KEY: 'AK', HW_SECRET_KEY: 'SK' } };
	const { code, stderr } = await home.httpfn(
		['app', 'deny', 'shop', 'hello', '--endpoint', server.url],
		keys,
	);
	assert.is(code, 0, stderr);
	const deleted = server.asked.filter(({ method }) => method === 'DELETE');
	assert.equal(
		deleted.map(({ url }) => url.split('/').at(-1)),
		['g1'],
	);
});

test('U-141: a trigger asks the authorizer that it names, and what that says reaches the function', async () => {
	await using the = await serverBed();
	await using judge = await functionFolder({
		bootstrap: 'node $RUNTIME_CODE_ROOT/app.mjs',
		'app.mjs': JUDGE,
	});
	await the.done('deploy', judge.path, '--name', 'judge');
	await the.done('authorizer', 'add', 'mine', '--function', 'judge', '--header', 'X-User', '--ttl', '60');
	const url = (await the.done('trigger', 'add', 'judge', '--path', '/mine', '--authorizer', 'mine')).trim();
	assert.is((await ask(url)).code, 'ERR_AUTHORIZER_IDENTITY');
	assert.is((await ask(url, { 'X-User': 'eve' })).code, 'ERR_AUTHORIZER_DENIED');
	const { status, headers } = await ask(url, { 'X-User': 'ada' });
	assert.equal([status, headers['x-apig-authorizer-user_name']], [201, 'ada']);
	assert.match(await the.done('authorizer', 'list'), /^mine .* 60 s +HEADER X-User$/m);
	assert.is((await the.fails('authorizer', 'remove', 'mine')).code, 1);
});

test.run();
