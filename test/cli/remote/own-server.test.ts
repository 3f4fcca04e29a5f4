/** Every command against a real server: what stands in for one can only be as right as whoever wrote it. */
import { once } from 'node:events';
import http from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { copiedFolder } from '../../harness/function-folder.ts';
import { echoFunction } from '../echo-function.ts';
import { serverBed } from './server-bed.ts';

const test = suite('the command line against a server of its own');

test('U-112: a folder is deployed, called by its URL and by its name, seen, logged and deleted', async () => {
	await using the = await serverBed();
	await using folder = await echoFunction();
	const url = (await the.done('deploy', folder.path, '--name', 'hello', '--env', 'GREETING=hi')).trim();
	assert.equal(await get(`${url}a?b=c`), ['GET', '/a?b=c']);
	const envelope = JSON.parse(await the.done('invoke', 'hello', '--path', '/x', '--data', 'body'));
	assert.is(envelope.statusCode, 201);
	const {
		method,
		url: target,
		body,
		greeting,
	} = JSON.parse(Buffer.from(envelope.body, 'base64').toString('utf8'));
	assert.equal([method, target, body, greeting], ['POST', '/x', 'body', 'hi']);
	assert.match(await the.done('list'), /^hello +default +128 +3 /m);
	assert.match(await the.done('show', 'hello'), /^variables +GREETING$/m);
	assert.match(await the.done('logs', 'hello'), 'got POST /x');
	await the.done('delete', 'hello');
	const gone = await the.fails('show', 'hello', '--json');
	assert.equal([gone.code, JSON.parse(gone.stderr).code], [1, 'ERR_FUNCTION_NOT_FOUND']);
});

test('U-112: versions, aliases with weights and triggers do what their commands say', async () => {
	await using the = await serverBed();
	await using folder = await echoFunction();
	const deploy = async (...argv: string[]) =>
		JSON.parse(await the.done('deploy', folder.path, '--name', 'hello', '--json', ...argv));
	assert.equal((await deploy('--alias', 'prod')).version, 'v1');
	const same = await deploy('--alias', 'prod');
	assert.equal([same.version, same.uploaded], ['v1', false]);
	await using other = await copiedFolder(folder.path);
	await the.done('deploy', other.path, '--name', 'hello', '--timeout', '9', '--publish', '--no-wait');
	assert.match(await the.done('versions', 'hello'), /^v1 +prod /m);
	assert.is(
		await the.done('alias', 'set', 'hello', 'prod', 'v1', '--weight', 'v2=10'),
		'prod -> v1, 10 % v2\n',
	);
	assert.is(await the.done('alias', 'set', 'hello', 'prod', 'v2'), 'prod -> v2\n');
	const url = (await the.done('trigger', 'add', 'hello', '--path', '/only', '--method', 'PUT')).trim();
	assert.match(url, /^http:\/\/.+\/only$/);
	const triggers = JSON.parse(await the.done('trigger', 'list', 'hello', '--json')).triggers as Trigger[];
	const added = triggers.find(({ event_data: { path: found } }) => found === '/only');
	await the.done('trigger', 'remove', 'hello', added?.trigger_id ?? '');
	const refused = await the.fails('delete', 'hello:v9', '--json');
	assert.is(refused.code, 1);
	await the.done('delete', 'hello:v1');
	assert.not.match(await the.done('versions', 'hello'), /^v1 /m);
});

/** Method and target that the echo of this URL had. Names below localhost are this machine. */
async function get(url: string): Promise<unknown[]> {
	const { host, port, pathname, search } = new URL(url);
	const headers = { Host: host, Connection: 'close' };
	const [response] = await once(
		http.get({ host: '127.0.0.1', port, path: `${pathname}${search}`, headers }),
		'response',
	);
	const { method, url: target } = JSON.parse(Buffer.concat(await response.toArray()).toString('utf8'));
	return [method, target];
}

interface Trigger {
	readonly trigger_id: string;
	readonly event_data: { readonly path: string };
}

test.run();
