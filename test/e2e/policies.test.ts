/** What holds for the calls of functions, set up by commands and tried by requests. */
import { once } from 'node:events';
import http from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Finished, runBinary } from '../harness/binary.ts';
import { ControlClient } from '../harness/control-client.ts';
import { DeployedHost } from '../harness/deployed-host.ts';

const test = suite('policies of a server of its own');

interface Answer {
	readonly status: number;
	/** X-Httpfn-Error; undefined: none. */
	readonly code: string | undefined;
	readonly headers: http.IncomingHttpHeaders;
}

/** Names below localhost are this machine. */
async function ask(url: string, options: http.RequestOptions = {}): Promise<Answer> {
	const { host, port, pathname } = new URL(url);
	const headers = { Host: host, ...(options.headers as Record<string, string> | undefined) };
	const request = http.request({ host: '127.0.0.1', port, path: pathname, ...options, headers }).end();
	const [response] = await once(request, 'response');
	response.resume();
	await once(response, 'end');
	const code = response.headers['x-httpfn-error'];
	return { status: response.statusCode, code, headers: response.headers };
}

interface Commands {
	/** Runs a command that has to succeed. */
	done(...argv: string[]): Promise<string>;
	fails(...argv: string[]): Promise<Finished>;
}

/** A server with one function, and the URLs of two of its triggers. */
async function bedWithUrls(): Promise<
	{ readonly the: Commands; readonly urls: readonly [string, string] } & AsyncDisposable
> {
	const host = await DeployedHost.start();
	const client = new ControlClient(host.control);
	await client.create('hello', 'hello');
	const at = ['--endpoint', host.control, '--project-id', client.project];
	const the: Commands = {
		async done(...argv) {
			const { code, stdout, stderr } = await runBinary([...argv, ...at]);
			assert.is(code, 0, `${argv.join(' ')}: ${stderr}`);
			return stdout;
		},
		fails: (...argv) => runBinary([...argv, ...at]),
	};
	const add = async (path: string) => (await the.done('trigger', 'add', 'hello', '--path', path)).trim();
	return {
		the,
		urls: [await add('/orders'), await add('/open')],
		[Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
	};
}

test('U-143: throttling policies are made, bound, shown, unbound and removed, and calls are counted by them', async () => {
	await using bed = await bedWithUrls();
	const { the, urls } = bed;
	await the.done('throttle', 'add', 'main', '--calls', '2', '--per', '1d', '--calls-per-address', '1');
	assert.match(await the.done('throttle', 'list'), /^main +1 day +2 +- +- +1 +each$/m);
	assert.is((await ask(urls[0])).status, 200);
	await the.done('throttle', 'bind', 'main', 'hello', '--path', '/orders');
	assert.equal([(await ask(urls[0])).status, (await ask(urls[0])).code], [200, 'ERR_THROTTLED']);
	assert.is((await ask(urls[1])).status, 200);
	const shown = JSON.parse(await the.done('throttle', 'show', 'main', '--json'));
	assert.equal([shown.apis.length, shown.apis[0].req_uri], [1, '/orders']);
	assert.match(await the.done('throttle', 'unbind', 'main', 'hello'), /^main holds for \/orders no more$/m);
	assert.is((await ask(urls[0])).status, 200);
	await the.done('throttle', 'remove', 'main');
	for (const words of [['--calls', 'many'], ['--calls', '1', '--per', 'hour'], []])
		assert.is((await the.fails('throttle', 'add', 'other', ...words)).code, 2, words.join(' '));
	assert.is((await the.fails('throttle', 'show', 'main')).code, 2);
});

test('U-144: lists of addresses are made and bound, and say who may call', async () => {
	await using bed = await bedWithUrls();
	const { the, urls } = bed;
	await the.done('acl', 'add', 'office', '--permit', '192.0.2.0/24');
	await the.done('acl', 'add', 'everybody', '--deny', '192.0.2.0/24');
	assert.match(await the.done('acl', 'list'), /^everybody +all but these +192\.0\.2\.0\/24$/m);
	await the.done('acl', 'bind', 'office', 'hello', '--path', '/orders');
	assert.equal([(await ask(urls[0])).code, (await ask(urls[1])).status], ['ERR_ADDRESS_REFUSED', 200]);
	// A trigger leaves the list that it had.
	await the.done('acl', 'bind', 'everybody', 'hello');
	assert.is((await ask(urls[0])).status, 200);
	assert.is(JSON.parse(await the.done('acl', 'show', 'office', '--json')).apis.length, 0);
	for (const words of [[], ['--permit', '1.2.3.4', '--deny', '1.2.3.5']])
		assert.is((await the.fails('acl', 'add', 'other', ...words)).code, 2);
	assert.is((await the.fails('acl', 'add', 'other', '--permit', 'example.com')).code, 1);
});

test('U-145: plug-ins for CORS are made and bound, and the gateway answers preflights by them', async () => {
	await using bed = await bedWithUrls();
	const { the, urls } = bed;
	const preflight = {
		method: 'OPTIONS',
		headers: { Origin: 'https://a.example', 'Access-Control-Request-Method': 'PUT' },
	};
	assert.is((await ask(urls[0], preflight)).status, 200);
	await the.done(
		'cors',
		'add',
		'pages',
		'--origins',
		'https://a.example',
		'--methods',
		'PUT',
		'--credentials',
	);
	await the.done('cors', 'bind', 'pages', 'hello', '--path', '/orders');
	const { status, headers } = await ask(urls[0], preflight);
	assert.equal([status, headers['access-control-allow-origin']], [204, 'https://a.example']);
	assert.is(headers['access-control-allow-credentials'], 'true');
	await the.done('cors', 'unbind', 'pages', 'hello');
	assert.is((await ask(urls[0], preflight)).status, 200);
	assert.is((await the.fails('cors', 'add', 'other')).code, 2);
	assert.is((await the.fails('cors', 'add', 'other', '--origins', '*', '--credentials')).code, 1);
});

test('U-146: a domain name is made to lead to a function, is listed, and taken away', async () => {
	await using bed = await bedWithUrls();
	const { the, urls } = bed;
	const byName = { headers: { Host: 'api.example.com' } };
	assert.is((await ask(urls[0], byName)).code, 'ERR_ROUTE_NOT_FOUND');
	await the.done('domain', 'add', 'hello', 'API.example.com', '--path', '/orders');
	assert.is((await ask(urls[0], byName)).status, 200);
	assert.match(await the.done('domain', 'list', 'hello', '--path', '/orders'), /^api\.example\.com /m);
	await the.done('domain', 'remove', 'hello', 'api.example.com', '--path', '/orders');
	assert.is((await ask(urls[0], byName)).code, 'ERR_ROUTE_NOT_FOUND');
	assert.is((await the.fails('domain', 'add', 'hello', '10.0.0.1', '--path', '/orders')).code, 1);
});

test.run();
