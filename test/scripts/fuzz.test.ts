import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compareReadings } from '../../scripts/fuzz-compare.ts';
import { minimized } from '../../scripts/fuzz-minimize.ts';
import { readWithNode } from '../../scripts/fuzz-node.ts';
import type { FuzzReport } from '../../scripts/fuzz-run.ts';
import { runFuzz } from '../../scripts/fuzz-run.ts';

const SCRIPT = join(import.meta.dirname, '../../scripts/fuzz.ts');
const MESSAGE = { line: 'GET /', fields: [['Host', 'h']] as const, body: 'abc' };
const OURS = { messages: [MESSAGE], fault: null, bytesRead: 1 };
const kind = (ours: object, nodes: object) =>
	compareReadings('request', 'GET', { ...OURS, ...ours }, { messages: [MESSAGE], fault: null, ...nodes })
		.kind;

const test = suite('fuzz');

async function run(firstSeed: number, forMs: number, casesMax: number): Promise<FuzzReport> {
	const untilMs = performance.now() + forMs;
	return await runFuzz({ firstSeed, untilMs, casesMax, onProgress: () => {} });
}

test("H-35: the codec and Node's own parser read 4,000 generated and spoilt messages alike", async () => {
	const report = await run(1, 60_000, 4000);
	assert.equal(report.findings, []);
	assert.is(report.cases, 4000);
	assert.ok(report.agreed > 3000, `only ${report.agreed} agreed`);
});

test("H-35: the codec and Node's own parser read messages of a random seed alike", async () => {
	const seed = Math.floor(Math.random() * 2 ** 31);
	console.log(`seed ${seed}`);
	const report = await run(seed, 2500, Number.POSITIVE_INFINITY);
	assert.equal(report.findings, [], `npm run fuzz -- --seed ${seed}`);
	assert.ok(report.cases > 0);
});

test("H-35: Node's parser gives every message of a connection, and the code of its refusal", async () => {
	const text =
		'POST http://h/a?b HTTP/1.1\r\nHost: h\r\nX: 1\r\nx: 2\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\nA : b\r\n\r\n';
	const reading = await readWithNode('request', Buffer.from(text));
	assert.equal(reading.messages, [
		{
			line: 'POST /a?b',
			fields: [
				['X', '1'],
				['x', '2'],
			],
			body: 'abc',
		},
	]);
	assert.is(reading.fault, 'HPE_INVALID_HEADER_TOKEN');
	const response = await readWithNode('response', Buffer.from('HTTP/1.1 404 No\r\nA: b\r\n\r\nrest'));
	assert.equal(response.messages, [{ line: '404 No', fields: [['A', 'b']], body: 'rest' }]);
});

test('H-35: a message that only ours takes, that differs, or that only ours waits for is a finding', () => {
	assert.is(kind({}, {}), 'agree');
	assert.is(kind({}, { messages: [], fault: 'HPE_STRICT' }), 'finding');
	assert.is(kind({}, { messages: [], fault: null }), 'finding');
	assert.is(kind({}, { messages: [{ ...MESSAGE, body: 'ab' }] }), 'finding');
	assert.is(kind({}, { messages: [{ ...MESSAGE, fields: [] }] }), 'finding');
	assert.is(kind({ messages: [] }, {}), 'finding');
	assert.is(kind({ messages: [], fault: 'strict' }, {}), 'stricter');
});

test('H-35: what is argued for is no finding, and only under the very code it is argued for', () => {
	const odd = { messages: [{ ...MESSAGE, line: 'X-Y /' }] };
	assert.is(kind(odd, { messages: [], fault: 'HPE_INVALID_METHOD' }), 'known');
	assert.is(kind(odd, { messages: [], fault: 'HPE_INVALID_URL' }), 'finding');
	assert.is(kind({}, { messages: [], fault: 'HPE_INVALID_METHOD' }), 'finding');
});

test('H-35: an input is made as small as what shows in it', async () => {
	const input = Buffer.from('some text with a needle in a heap of hay');
	const found = await minimized(input, async (part) => part.includes('needle'));
	assert.is(found.toString(), 'needle');
});

test('H-36: the fuzzer prints its seed, reports as JSON, explains itself and refuses what it does not know', () => {
	const fuzz = (...flags: string[]) => spawnSync(process.execPath, [SCRIPT, ...flags], { encoding: 'utf8' });
	const done = fuzz('--seconds', '1', '--seed', '7', '--json');
	assert.is(done.status, 0, done.stderr);
	const report = JSON.parse(done.stdout) as FuzzReport;
	assert.is(report.firstSeed, 7);
	assert.match(done.stderr, 'seed 7');
	assert.match(fuzz('--help').stdout, '--seconds');
	for (const flags of [['--seconds', 'x'], ['--seed', '-1'], ['--bogus']])
		assert.is(fuzz(...flags).status, 2);
});

test.run();
