import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Asked, notFound, type StandInServer, standInServer, type Told } from './stand-in-server.ts';
import { type UserHome, userHome } from './user-home.ts';

const test = suite('httpfn list, show, versions, alias, trigger, delete');
const URN = 'urn:fss:cn:default:function:default:hello';

const hello = (version: string, more: object = {}): object => ({
	func_urn: `${URN}:${version}`,
	func_name: 'hello',
	package: 'default',
	version,
	memory_size: 256,
	timeout: 7,
	user_data: '{"GREETING":"a secret"}',
	digest: 'd'.repeat(128),
	last_modified: '2026-01-02 03:04:05',
	...more,
});

const TRIGGER = {
	trigger_id: 'id-1',
	trigger_type_code: 'APIG',
	trigger_status: 'ACTIVE',
	event_data: {
		path: '/hello',
		match_mode: 'SWA',
		req_method: 'ANY',
		auth: 'NONE',
		invoke_url: 'http://g.localhost:8080/hello',
		func_info: { function_urn: `${URN}:!prod`, version: '!prod' },
	},
};

/** One function with an alias and a trigger, read as often as one likes. */
function platform({ method, url, body }: Asked): Told {
	const [path = ''] = decodeURIComponent(url.replace('/v2/default/fgs/', '')).split('?');
	const of = (rest: string): boolean => path === `functions/${URN}${rest}`;
	if (method === 'DELETE') return { status: 204 };
	if (method === 'POST' && path.startsWith('triggers/'))
		return { status: 201, body: { ...TRIGGER, ...(body as object) } };
	if (of('/config') || of(':v1/config') || of(':!prod/config')) return { body: hello('latest') };
	if (of('/versions')) return { body: { versions: [hello('latest'), hello('v1')], next_marker: 0 } };
	if (of('/aliases/prod')) return { body: { name: 'prod', version: 'v1', ...(body as object) } };
	if (method === 'POST') return { body };
	if (of('/aliases'))
		return { body: [{ name: 'prod', version: 'v1', additional_version_weights: { v2: 10 } }] };
	if (path === `triggers/${URN}`) return { body: [TRIGGER] };
	return notFound();
}

async function bed(handler = platform): Promise<{ home: UserHome; server: StandInServer } & AsyncDisposable> {
	const [home, server] = [await userHome(), await standInServer(handler)];
	return {
		home,
		server,
		async [Symbol.asyncDispose]() {
			await server[Symbol.asyncDispose]();
			await home[Symbol.asyncDispose]();
		},
	};
}

test('U-97: list reads every page, for people as a table and for programs as the API tells it', async () => {
	await using the = await bed(({ url }) => {
		const first = url.includes('marker=0');
		return {
			body: { functions: [hello('latest', { func_name: first ? 'a' : 'b' })], next_marker: first ? 1 : 0 },
		};
	});
	const argv = ['list', '--endpoint', the.server.url];
	const [text, json] = await Promise.all([the.home.httpfn(argv), the.home.httpfn([...argv, '--json'])]);
	assert.equal([text.code, text.stderr], [0, '']);
	const rows = text.stdout.split('\n').map((line) => line.split(/ {2,}/).slice(0, 4));
	assert.equal(rows.slice(1, 3), [
		['a', 'default', '256', '7'],
		['b', 'default', '256', '7'],
	]);
	const names = JSON.parse(json.stdout).functions.map(({ func_name: name }: { func_name: string }) => name);
	assert.equal(names, ['a', 'b']);
});

test('U-97: show tells configuration, aliases and triggers, and of variables their names alone', async () => {
	await using the = await bed();
	const argv = ['show', 'hello', '--endpoint', the.server.url];
	const [text, json] = await Promise.all([the.home.httpfn(argv), the.home.httpfn([...argv, '--json'])]);
	assert.equal([text.code, json.code], [0, 0]);
	assert.match(text.stdout, /^variables +GREETING$/m);
	assert.match(text.stdout, /^alias +prod -> v1, 10 % v2$/m);
	assert.match(
		text.stdout,
		/^trigger +any method \/hello and below -> !prod {2}http:\/\/g\.localhost:8080\/hello$/m,
	);
	assert.not.match(text.stdout, 'a secret');
	assert.equal(Object.keys(JSON.parse(json.stdout)), ['function', 'aliases', 'triggers']);
});

test('U-97: versions lists them with the aliases that point to them', async () => {
	await using the = await bed();
	const { code, stdout } = await the.home.httpfn(['versions', 'hello', '--endpoint', the.server.url]);
	assert.is(code, 0);
	assert.match(stdout, /^v1 +prod +dddddddddddd /m);
});

test('U-98: alias set changes an alias that is there and makes one that is not, with or without weights', async () => {
	await using the = await bed();
	const set = (...argv: string[]) =>
		the.home.httpfn(['alias', 'set', 'hello', ...argv, '--endpoint', the.server.url]);
	const changed = await set('prod', 'v2', '--weight', 'v1=20');
	assert.equal([changed.code, changed.stdout], [0, 'prod -> v2, 20 % v1\n']);
	const put = the.server.asked.at(-1);
	assert.equal([put?.method, put?.body], ['PUT', { version: 'v2', additional_version_weights: { v1: 20 } }]);
	const made = await set('beta', 'v1');
	assert.equal([made.code, made.stdout], [0, 'beta -> v1\n']);
	const post = the.server.asked.at(-1);
	assert.equal(post?.body, { name: 'beta', version: 'v1', additional_version_weights: {} });
	const before = the.server.asked.length;
	const wrong = await set('prod', 'v2', '--weight', 'v1:20');
	assert.equal([wrong.code, the.server.asked.length], [2, before]);
});

test('U-98: alias remove takes the alias alone', async () => {
	await using the = await bed();
	const { code } = await the.home.httpfn(['alias', 'remove', 'hello', 'prod', '--endpoint', the.server.url]);
	assert.equal([code, the.server.calls.at(-1)], [0, `DELETE /functions/${URN}/aliases/prod`]);
});

test('U-99: trigger add makes an APIG trigger for a version or an alias and prints its URL', async () => {
	await using the = await bed();
	const argv = ['trigger', 'add', 'hello', '--alias', 'prod', '--path', '/a', '--exact', '--method', 'POST'];
	const { code } = await the.home.httpfn([...argv, '--endpoint', the.server.url]);
	assert.is(code, 0);
	const { method, url, body } = the.server.asked.at(-1) ?? {};
	assert.equal([method, url], ['POST', `/v2/default/fgs/triggers/${URN}:!prod`]);
	const { trigger_type_code: type, event_data: data } = body as {
		trigger_type_code: string;
		event_data: object;
	};
	const { name, ...fields } = data as Record<string, unknown>;
	assert.match(String(name), /^API_hello_[0-9a-f]{6}$/);
	assert.is(type, 'APIG');
	assert.equal(fields, {
		env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID',
		env_name: 'RELEASE',
		auth: 'NONE',
		protocol: 'HTTP',
		path: '/a',
		match_mode: 'NORMAL',
		req_method: 'POST',
		backend_type: 'FUNCTION',
		type: 1,
		func_info: { function_urn: `${URN}:!prod`, invocation_type: 'sync', timeout: 7000, version: '!prod' },
	});
});

test('U-99: trigger list shows what leads where; remove takes one by its id, and names the ids where there is none such', async () => {
	await using the = await bed();
	const trigger = (...argv: string[]) => the.home.httpfn(['trigger', ...argv, '--endpoint', the.server.url]);
	const [list, wrong] = await Promise.all([trigger('list', 'hello'), trigger('remove', 'hello', 'id-2')]);
	assert.match(list.stdout, /^id-1 +APIG +ACTIVE +!prod +any method \/hello and below +NONE +http:/m);
	assert.is(wrong.code, 2);
	assert.match(wrong.stderr, 'wanted one of id-1');
	await trigger('remove', 'hello', 'id-1');
	assert.is(the.server.calls.at(-1), `DELETE /triggers/${URN}/APIG/id-1`);
});

test('U-101: delete takes a whole function, or with a version that alone; what is not there is an error', async () => {
	await using the = await bed();
	const remove = (name: string) => the.home.httpfn(['delete', name, '--endpoint', the.server.url, '--json']);
	const version = await remove('hello:v1');
	assert.equal(JSON.parse(version.stdout), { deleted: `${URN}:v1` });
	assert.is(the.server.calls.at(-1), `DELETE /functions/${URN}:v1`);
	await remove('hello');
	assert.is(the.server.calls.at(-1), `DELETE /functions/${URN}`);
	const { code, stderr } = await remove('hallo');
	assert.equal([code, JSON.parse(stderr).code], [1, 'ERR_FUNCTION_NOT_FOUND']);
	assert.ok(the.server.calls.every((call) => !call.startsWith('DELETE') || call.includes('hello')));
});

test.run();
