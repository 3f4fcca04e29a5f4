import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startSource } from '../harness/source-process.ts';

const test = suite('DescriptorSink');
const FLOOD = 'test/telemetry/fixtures/flood.ts';

type JsonRecord = Readonly<Record<string, unknown>>;

async function readRecords(stream: Readable): Promise<JsonRecord[]> {
	const records: JsonRecord[] = [];
	for await (const line of createInterface({ input: stream })) records.push(JSON.parse(line));
	return records;
}

function streamsOf({ child }: ReturnType<typeof startSource>): { stdout: Readable; stderr: Readable } {
	if (child.stdout === null || child.stderr === null) throw new Error('the child was started without pipes');
	return { stdout: child.stdout, stderr: child.stderr };
}

test('U-42: a reader that does not read makes the writer wait, and loses no line', async () => {
	const lines = 20_000;
	const flood = startSource(FLOOD, [String(lines)]);
	const { stdout, stderr } = streamsOf(flood);
	const [said] = await once(stdout.setEncoding('utf8'), 'data');
	assert.is(said, 'waiting\n');
	const records = await readRecords(stderr);
	const numbers = records.slice(0, -1).map(({ line }) => Number.parseInt(String(line), 10));
	assert.is(numbers.length, lines);
	assert.ok(numbers.every((number, index) => number === index));
	assert.is(records.at(-1)?.message, 'end');
	assert.is((await flood.exited).code, 0);
});

test('U-44: records of httpfn that nobody reads are counted beyond 4 MiB, and the count is told', async () => {
	const lines = 100_000;
	const flood = startSource(FLOOD, [String(lines), 'records']);
	const { stdout, stderr } = streamsOf(flood);
	await once(stdout.setEncoding('utf8'), 'data');
	const records = await readRecords(stderr);
	const dropped = records.reduce(
		(sum, { records: count }) => sum + (typeof count === 'number' ? count : 0),
		0,
	);
	const kept = records.filter(({ index }) => index !== undefined).length;
	assert.ok(dropped > 0);
	assert.is(kept + dropped, lines);
	assert.is(records.at(-1)?.message, 'end');
});

test('U-32: a log reader that goes away neither stops nor kills the writer', async () => {
	const flood = startSource(FLOOD, ['20000']);
	const { stdout, stderr } = streamsOf(flood);
	let said = '';
	stdout.setEncoding('utf8').on('data', (text: string) => {
		said += text;
	});
	await once(stderr, 'data');
	stderr.destroy();
	assert.is((await flood.exited).code, 0);
	assert.match(said, 'broken=true');
});

test.run();
