import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { monotonicMs } from '../../src/base/clock.ts';
import type { AccessEntry } from '../../src/telemetry/access-entry.ts';
import { accessLine } from '../../src/telemetry/access-line.ts';
import { AccessLog } from '../../src/telemetry/access-log.ts';
import { RecordingLog } from '../harness/recording-log.ts';
import { until } from '../harness/until.ts';

const test = suite('AccessLog');

const ENTRY: AccessEntry = {
	time: new Date('2026-01-02T03:04:05.678Z'),
	requestId: 'f7a1',
	client: '192.0.2.1',
	method: 'GET',
	target: '/a?b=c',
	protocol: 'HTTP/1.1',
	host: 'g1.localhost',
	status: 200,
	requestBytes: 0,
	responseBytes: 12,
	functionName: 'hello',
	version: 'v1',
	apiId: null,
	app: null,
	user: 'ada',
	queueMs: 0,
	coldStartMs: 12.3456,
	firstByteMs: 13,
	totalMs: 14.5,
	error: null,
	userAgent: 'curl/8',
	referer: '',
};

function folder(): { readonly path: string } & Disposable {
	const made = fs.mkdtempSync(path.join(os.tmpdir(), 'httpfn-access-'));
	return { path: made, [Symbol.dispose]: () => fs.rmSync(made, { recursive: true }) };
}

test('G-150: a record is one JSON object a line, or a line of the combined format with the request, the version and the phases after it', () => {
	const json = JSON.parse(accessLine(ENTRY, 'json'));
	assert.equal([json.time, json.version, json.coldStartMs], ['2026-01-02T03:04:05.678Z', 'v1', 12.346]);
	assert.is(
		accessLine(ENTRY, 'combined'),
		'192.0.2.1 - ada [02/Jan/2026:03:04:05 +0000] "GET /a?b=c HTTP/1.1" 200 12 "-" "curl/8" f7a1 hello@v1 0 12.346 13 14.5\n',
	);
});

test('G-151: whatever a client sends, a record is one line and no other', () => {
	const hostile = {
		...ENTRY,
		userAgent: 'a" 200 1\n127.0.0.1 - - \u00e9\\',
		target: '/\u001b[31m\u009b31m',
		host: 'a\nb',
	};
	for (const format of ['text', 'json', 'combined'] as const) {
		const line = accessLine(hostile, format);
		assert.is(line.indexOf('\n'), line.length - 1, format);
		assert.not.match(line, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
	}
	assert.match(accessLine(hostile, 'combined'), '"a\\x22 200 1\\x0A127.0.0.1 - - \\xC3\\xA9\\x5C"');
});

test('G-162: a line for a person has the time, the status, the request, what the answer measured, and what went wrong', () => {
	assert.is(accessLine(ENTRY, 'text'), '03:04:05.678 200   GET /a?b=c  12 B  14.5 ms  cold start 12.3 ms\n');
	const failed = {
		...ENTRY,
		coldStartMs: 0,
		queueMs: 2,
		totalMs: 3004,
		status: 504,
		error: 'ERR_FUNCTION_TIMEOUT',
	};
	assert.is(
		accessLine(failed, 'text'),
		'03:04:05.678 504   GET /a?b=c  12 B  3004 ms  waited 2.0 ms  ERR_FUNCTION_TIMEOUT\n',
	);
	assert.match(accessLine({ ...ENTRY, status: 0 }, 'text'), /^03:04:05\.678 left {2}GET/);
	assert.match(accessLine(failed, 'text', true), '\u001b[31m504  \u001b[0m');
});

test('G-152: records are appended to a file, which only its owner and group may read, and are all there after a stop', async () => {
	using made = folder();
	const file = path.join(made.path, 'access.log');
	fs.writeFileSync(file, 'before\n', { mode: 0o600 });
	const log = new AccessLog({ to: file, format: 'json', log: new RecordingLog() });
	for (let count = 0; count < 1000; count++) log.write({ ...ENTRY, requestId: String(count) });
	await log.close();
	const lines = fs.readFileSync(file, 'utf8').trimEnd().split('\n');
	assert.equal([lines.length, lines[0]], [1001, 'before']);
	assert.is(JSON.parse(lines[1000] ?? '').requestId, '999');
	const other = path.join(made.path, 'new.log');
	await new AccessLog({ to: other, format: 'json', log: new RecordingLog() }).close();
	assert.is(fs.statSync(other).mode & 0o007, 0);
});

test('G-153: a file that was moved away is opened anew, and no record is lost on the way', async () => {
	using made = folder();
	const file = path.join(made.path, 'access.log');
	const log = new AccessLog({ to: file, format: 'json', log: new RecordingLog() });
	log.write({ ...ENTRY, requestId: 'first' });
	fs.renameSync(file, `${file}.1`);
	let count = 1;
	await until('a new file', () => {
		log.write({ ...ENTRY, requestId: String(count++) });
		return fs.existsSync(file) && fs.statSync(file).size > 0 ? true : null;
	});
	await log.close();
	const read = (name: string) => fs.readFileSync(name, 'utf8').trimEnd().split('\n').length;
	assert.is(read(file) + read(`${file}.1`), count);
});

test('G-153: a stop right after a file was moved away closes each file once', async () => {
	using made = folder();
	const file = path.join(made.path, 'access.log');
	const log = new AccessLog({ to: file, format: 'json', log: new RecordingLog() });
	// Until the file is asked for, which a record does once a second.
	const looked = monotonicMs() + 1100;
	await until('the next look', () => (monotonicMs() > looked ? true : null));
	fs.renameSync(file, `${file}.1`);
	log.write(ENTRY);
	await log.close();
	await log.close();
	// What was asked of the disk is answered after the stop.
	await new Promise((resolve) => fs.stat(file, resolve));
});

test('G-154: a disk that refuses records, and a reader that takes none, cost records and never memory; the log says how many', async () => {
	const refused = new RecordingLog();
	const full = new AccessLog({ to: '/dev/full', format: 'json', log: refused });
	await until('a loss', () => {
		full.write(ENTRY);
		return refused.records.some(({ fields }) => Number(fields.lost) > 0) ? true : null;
	});
	await full.close();
	using made = folder();
	const pipe = path.join(made.path, 'pipe');
	execFileSync('mkfifo', [pipe]);
	const reader = fs.openSync(pipe, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
	const stalled = new RecordingLog();
	const slow = new AccessLog({ to: pipe, format: 'json', log: stalled });
	const long = { ...ENTRY, userAgent: 'x'.repeat(1000) };
	for (let count = 0; count < 20_000; count++) slow.write(long);
	await slow.close();
	fs.closeSync(reader);
	const lost = stalled.records.map(({ fields }) => Number(fields.lost));
	assert.ok(
		lost.some((records) => records > 10_000),
		lost.join(),
	);
});

test.run();
