import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runSource, type SourceResult } from '../harness/source-process.ts';
import { echoFunction } from './echo-function.ts';

const test = suite('httpfn invoke');

function invoke(argv: readonly string[], input?: string): Promise<SourceResult> {
	return runSource('src/cli/main.ts', ['invoke', ...argv], input === undefined ? {} : { input });
}

interface Answer {
	readonly method: string;
	readonly url: string;
	readonly body: string;
	readonly headers: Readonly<Record<string, string>>;
}

function answerOf({ stdout }: SourceResult): Answer {
	const { body, isBase64Encoded } = JSON.parse(stdout);
	assert.is(isBase64Encoded, true);
	return JSON.parse(Buffer.from(body, 'base64').toString('utf8'));
}

test('U-31: invoke builds an event from a method, a path, headers and data, and prints the envelope', async () => {
	await using folder = await echoFunction();
	const argv = [
		'--path',
		'/a/b?c=d%20e',
		'--header',
		'X-Colour: red',
		'--header=x-size:5',
		'--data',
		'hi 中',
	];
	const result = await invoke([folder.path, ...argv]);
	assert.is(result.code, 0);
	const envelope = JSON.parse(result.stdout);
	assert.is(envelope.statusCode, 201);
	assert.equal(envelope.headers['Set-Cookie'], ['a=1', 'b=2']);
	const { method, url, body, headers } = answerOf(result);
	assert.equal([method, url, body], ['POST', '/a/b?c=d%20e', 'hi 中']);
	assert.equal([headers['x-colour'], headers['x-size']], ['red', '5']);
});

test('U-31: without data the event is a GET of /', async () => {
	await using folder = await echoFunction();
	const { method, url, body } = answerOf(await invoke([folder.path]));
	assert.equal([method, url, body], ['GET', '/', '']);
});

test('U-31: an event comes from a file or from standard input', async () => {
	await using folder = await echoFunction();
	const event = {
		httpMethod: 'PUT',
		path: '/x',
		body: Buffer.from('hello').toString('base64'),
		isBase64Encoded: true,
	};
	const file = path.join(folder.path, 'event.json');
	await writeFile(file, JSON.stringify(event));
	const fromFile = await invoke([folder.path, '--event', file]);
	const fromInput = await invoke([folder.path, '--event', '-'], JSON.stringify(event));
	for (const result of [fromFile, fromInput]) {
		const { method, url, body } = answerOf(result);
		assert.equal([method, url, body], ['PUT', '/x', 'hello']);
	}
});

test('U-31: what is no event, and an event file that is not there, are errors', async () => {
	await using folder = await echoFunction();
	const results = await Promise.all([
		invoke([folder.path, '--event', '-', '--log-level', 'error'], '{"httpMethod":"GET"}'),
		invoke([folder.path, '--event', '/nowhere/event.json']),
		invoke([folder.path, '--event', '/tmp']),
		invoke([folder.path, '--event', '-', '--data', 'x', '--header', 'y']),
	]);
	const found = results.map(({ code, stdout, stderr }) => [code, stdout, /ERR_\w+/.exec(stderr)?.[0]]);
	assert.equal(found, [
		[1, '', 'ERR_EVENT_INVALID'],
		[2, '', 'ERR_USAGE'],
		[2, '', 'ERR_USAGE'],
		[2, '', 'ERR_USAGE'],
	]);
});

test('U-34: asynchronous invocation and retries are known, and refused with the reason', async () => {
	const [async, retry] = await Promise.all([invoke(['.', '--async']), invoke(['.', '--retry', '2'])]);
	assert.equal([async.code, retry.code], [2, 2]);
	assert.match(async.stderr, 'ERR_ASYNC_UNSUPPORTED');
	assert.match(retry.stderr, 'ERR_RETRY_UNSUPPORTED');
});

test.run();
