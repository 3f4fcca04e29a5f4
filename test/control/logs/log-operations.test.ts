import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LogLine } from '../../../src/telemetry/recent-lines.ts';
import { OperationsBed } from '../../harness/operations-bed.ts';

const test = suite('logs');

const URN = 'urn:fss:cn:p1:function:default:hello';
const PATH = `/httpfn/v1/functions/${URN}`;

function line(text: string, version = 'latest'): LogLine {
	return { timeMs: 0, version, stream: 'stdout', requestId: 'r1', text };
}

async function withFunction(run: (bed: OperationsBed, id: number) => Promise<void>): Promise<void> {
	const bed = await OperationsBed.open();
	try {
		await run(bed, bed.makeFunction('hello').id);
	} finally {
		await bed.close();
	}
}

/** The text of each line, as it comes. */
async function* textsOf(response: Response): AsyncGenerator<string> {
	const decoder = new TextDecoder();
	let rest = '';
	for await (const chunk of response.body ?? []) {
		const lines = `${rest}${decoder.decode(chunk, { stream: true })}`.split('\n');
		rest = lines.pop() ?? '';
		for (const text of lines) if (text !== '') yield JSON.parse(text).text;
	}
}

async function all(response: Response): Promise<string[]> {
	const texts: string[] = [];
	for await (const text of textsOf(response)) texts.push(text);
	return texts;
}

test('A-79: the newest lines of a function are told oldest first, one JSON object a line; tail says how many', () =>
	withFunction(async (bed, id) => {
		for (let index = 0; index < 150; index += 1) bed.lines.add(id, line(`line ${index}`));
		const response = await bed.fetch('GET', `${PATH}/logs?tail=1`);
		assert.is(response.status, 200);
		assert.is(response.headers.get('content-type'), 'application/x-ndjson');
		assert.equal(JSON.parse(await response.text()), {
			time: '1970-01-01T00:00:00.000Z',
			version: 'latest',
			stream: 'stdout',
			request_id: 'r1',
			text: 'line 149',
		});
		const texts = await all(await bed.fetch('GET', `${PATH}/logs`));
		assert.is(texts.length, 100);
		assert.is(texts[0], 'line 50');
		assert.equal(await all(await bed.fetch('GET', `${PATH}/logs?tail=0`)), []);
		for (const tail of ['10001', 'all', '-1'])
			assert.is((await bed.fetch('GET', `${PATH}/logs?tail=${tail}`)).status, 400);
		assert.is((await bed.call('GET', `${PATH}9/logs`)).code, 'ERR_FUNCTION_NOT_FOUND');
	}));

test('A-80: a version or an alias in the URN limits the log to what it leads to', () =>
	withFunction(async (bed, id) => {
		bed.catalog.revisions.publish(id, { version: 'v1', description: '' });
		bed.catalog.aliases.create(id, {
			name: 'prod',
			version: 'v1',
			description: '',
			weights: { latest: 10 },
			strategy: null,
		});
		for (const version of ['latest', 'v1', 'v2']) bed.lines.add(id, line(`by ${version}`, version));
		const of = async (qualifier: string) => all(await bed.fetch('GET', `${PATH}${qualifier}/logs`));
		assert.equal(await of(''), ['by latest', 'by v1', 'by v2']);
		assert.equal(await of(':v1'), ['by v1']);
		assert.equal(await of(':!prod'), ['by latest', 'by v1']);
		assert.is((await bed.call('GET', `${PATH}:!no/logs`)).code, 'ERR_ALIAS_NOT_FOUND');
	}));

test('A-81: who follows a log gets its head at once, each line as it comes, and its end when the function is deleted', () =>
	withFunction(async (bed, id) => {
		const silent = await bed.fetch('GET', `${PATH}/logs?follow=true`);
		const texts = textsOf(silent);
		bed.lines.add(id, line('first'));
		assert.is((await texts.next()).value, 'first');
		bed.lines.add(id, line('second'));
		bed.lines.add(id, line('third'));
		assert.is((await texts.next()).value, 'second');
		assert.is((await texts.next()).value, 'third');
		bed.catalog.functions.remove(id);
		assert.is((await texts.next()).done, true);
	}));

test('A-154: a stop of the server ends the answer of who follows a log, and waits for nobody', () =>
	withFunction(async (bed, id) => {
		const texts = textsOf(await bed.fetch('GET', `${PATH}/logs?follow=true`));
		bed.lines.add(id, line('the last'));
		assert.is((await texts.next()).value, 'the last');
		const ended = texts.next();
		await bed.stop(60_000);
		assert.is((await ended).done, true);
	}));

test('A-82: lines that come faster than a client reads are left out beyond 10,000, and the client is told how many', () =>
	withFunction(async (bed, id) => {
		const response = await bed.fetch('GET', `${PATH}/logs?follow=true`);
		// In one turn: nothing of it can be sent meanwhile.
		for (let index = 0; index < 10_500; index += 1) bed.lines.add(id, line(`line ${index}`));
		bed.catalog.functions.remove(id);
		const texts = await all(response);
		assert.is(texts.length, 10_001);
		assert.match(texts.at(-1) ?? '', /^500 lines are left out/);
	}));

test('A-82: long lines are left out beyond 1 Mi characters', () =>
	withFunction(async (bed, id) => {
		const response = await bed.fetch('GET', `${PATH}/logs?follow=true`);
		for (let index = 0; index < 100; index += 1) bed.lines.add(id, line('x'.repeat(64 * 1024)));
		bed.catalog.functions.remove(id);
		const texts = await all(response);
		assert.is(texts.length, 17);
		assert.match(texts.at(-1) ?? '', /^84 lines are left out/);
	}));

test('A-83: the log group and stream of a function are named, those of log_config where it was given', () =>
	withFunction(async (bed) => {
		const { body } = await bed.call('GET', `fgs/functions/${URN}/lts-log-detail`);
		assert.is(body.group_name, 'httpfn');
		assert.match(body.group_id, /^[0-9a-f]{32}$/);
		assert.is(body.stream_name, 'default.hello');
		const given = { group_id: 'g', group_name: 'gn', stream_id: 's', stream_name: 'sn' };
		bed.makeFunction('other', { kept: { log_config: given } });
		assert.equal((await bed.call('GET', 'fgs/functions/other/lts-log-detail')).body, given);
	}));

test('A-84: asking for logs to be kept is answered with 200: they always are', () =>
	withFunction(async (bed) => {
		const { status, body } = await bed.call('POST', 'fgs/functions/enable-lts-logs');
		assert.is(status, 200);
		assert.equal(body, {});
	}));

test.run();
