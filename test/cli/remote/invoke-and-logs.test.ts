import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startSource } from '../../harness/source-process.ts';
import { echoFunction } from '../echo-function.ts';
import { notFound, standInServer } from './stand-in-server.ts';
import { userHome } from './user-home.ts';

const test = suite('httpfn invoke NAME, httpfn logs');
const URN = 'urn:fss:cn:default:function:default:hello';
const ENVELOPE = '{"statusCode":201,"headers":{"A":["b"]},"isBase64Encoded":true,"body":"aGk="}';

test('U-96: invoke NAME sends an event and prints the envelope as the server gives it; --log has the end of the log', async () => {
	await using home = await userHome();
	await using server = await standInServer(() => ({
		headers: { 'x-cff-function-log': Buffer.from('one\ntwo\u001b[2J\n').toString('base64') },
		body: ENVELOPE,
	}));
	const argv = ['invoke', 'hello', '--path', '/a?b=c', '--data', 'hi', '--endpoint', server.url];
	const { code, stdout, stderr } = await home.httpfn([...argv, '--alias', 'prod', '--log']);
	assert.equal([code, stdout, stderr], [0, `${ENVELOPE}\n`, 'one\ntwo\\u001b[2J\n']);
	const { method, url, headers, body } = server.asked[0] ?? {};
	assert.equal([method, url], ['POST', `/v2/default/fgs/functions/${URN}:!prod/invocations`]);
	assert.is(headers?.['x-cff-log-type'], 'tail');
	const { httpMethod, path, queryStringParameters, body: text } = body as Record<string, unknown>;
	assert.equal([httpMethod, path, queryStringParameters], ['POST', '/a', { b: 'c' }]);
	assert.is(Buffer.from(String(text), 'base64').toString('utf8'), 'hi');
});

test('U-96: a function that failed is an error with its own message, not an envelope', async () => {
	await using home = await userHome();
	await using server = await standInServer(() => ({
		headers: {
			'x-is-func-err': 'true',
			'x-func-err-code': '4010',
			'x-cff-request-id': 'r1',
			'x-httpfn-error': 'ERR_FUNCTION_TIMEOUT',
		},
		body: { errorCode: '4010', message: 'no answer for 3 s' },
	}));
	const { code, stdout, stderr } = await home.httpfn(['invoke', 'hello', '--endpoint', server.url]);
	assert.equal([code, stdout], [1, '']);
	assert.match(stderr, 'httpfn: ERR_FUNCTION_TIMEOUT: hello failed (4010): no answer for 3 s (request r1)');
});

test('U-95: what has a slash or a dot in front, or is no name, is a folder; --local makes a folder of a name', async () => {
	await using home = await userHome();
	await using folder = await echoFunction();
	const name = folder.path.split('/').at(-1) ?? '';
	const cwd = folder.path.slice(0, -name.length);
	const lines = [[`./${name}`], [folder.path], [name, '--local']];
	for (const argv of lines) {
		const { code, stdout } = await home.httpfn(['invoke', ...argv], { cwd });
		assert.equal([code, JSON.parse(stdout).statusCode], [0, 201]);
	}
});

test('U-95: a name that is not deployed is an error, which names the folder of that name where there is one', async () => {
	await using home = await userHome();
	await using server = await standInServer(() => ({
		...notFound(),
		headers: { 'x-httpfn-error': 'ERR_FUNCTION_NOT_FOUND' },
	}));
	await using folder = await echoFunction();
	const name = folder.path.split('/').at(-1) ?? '';
	const cwd = folder.path.slice(0, -name.length);
	const { code, stderr } = await home.httpfn(['invoke', name, '--endpoint', server.url], { cwd });
	assert.is(code, 1);
	assert.match(stderr, `httpfn invoke ./${name}`);
});

test('U-95: options of a folder are refused with a name, and those of a name with a folder, before anything is sent', async () => {
	await using home = await userHome();
	await using server = await standInServer(() => ({ body: ENVELOPE }));
	const lines = [
		['invoke', 'hello', '--memory', '256', '--endpoint', server.url],
		['invoke', './hello', '--log'],
		['invoke', './hello', '--alias', 'prod'],
		['invoke', 'hello:v1', '--alias', 'prod', '--endpoint', server.url],
	];
	const results = await Promise.all(lines.map((argv) => home.httpfn(argv)));
	assert.equal(
		results.map(({ code, stderr }) => [code, /ERR_USAGE: \S+/.exec(stderr)?.[0]]),
		[
			[2, 'ERR_USAGE: --memory:'],
			[2, 'ERR_USAGE: --log:'],
			[2, 'ERR_USAGE: --alias:'],
			[2, 'ERR_USAGE: --alias:'],
		],
	);
	assert.is(server.asked.length, 0);
});

const line = (text: string, stream = 'stdout') =>
	`${JSON.stringify({ time: '2026-01-02T03:04:05.678Z', version: 'latest', stream, request_id: 'r1', text })}\n`;

test('U-100: logs prints the newest lines, for people one after the other, for programs as the server sends them', async () => {
	await using home = await userHome();
	const sent = `${line('one')}\n${line('two\u001b[2J', 'stderr')}`;
	await using server = await standInServer(({ url }) =>
		url.endsWith('/config') ? { body: { func_urn: URN, func_name: 'hello' } } : { body: sent },
	);
	const argv = ['logs', 'hello', '--tail', '5', '--endpoint', server.url];
	const [text, json] = await Promise.all([home.httpfn(argv), home.httpfn([...argv, '--json'])]);
	assert.equal(text.stdout.split('\n'), [
		'2026-01-02T03:04:05.678Z latest r1 one',
		'2026-01-02T03:04:05.678Z latest stderr r1 two\\u001b[2J',
		'',
	]);
	assert.is(json.stdout, sent.replace('\n\n', '\n'));
	assert.ok(server.calls.includes(`GET /httpfn/v1/functions/${URN}/logs?tail=5`));
});

test('U-100: logs -f goes on with each line as it comes, and SIGINT ends it with 130', async () => {
	await using home = await userHome();
	await using server = await standInServer(({ url }) =>
		url.endsWith('/config')
			? { body: { func_urn: URN, func_name: 'hello' } }
			: { body: line('now'), open: true },
	);
	const argv = ['logs', 'hello', '-f', '--endpoint', server.url];
	const { child, exited } = startSource('src/cli/main.ts', argv, {
		env: { HOME: home.path, XDG_CONFIG_HOME: '' },
	});
	child.stdin?.end();
	if (child.stdout === null) throw new Error('a pipe was asked for');
	const [first] = await once(createInterface({ input: child.stdout }), 'line');
	assert.match(String(first), / now$/);
	assert.ok(server.calls.at(-1)?.endsWith('/logs?tail=100&follow=true'));
	process.kill(child.pid ?? 0, 'SIGINT');
	assert.is((await exited).code, 130);
});

test.run();
