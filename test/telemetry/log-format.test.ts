import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { jsonLog } from '../../src/telemetry/json-log.ts';
import { textLog } from '../../src/telemetry/text-log.ts';

const test = suite('log formats');
const TIME = new Date('2026-01-02T03:04:05.006Z');

test('U-40: a JSON record is one line with time, level, message and its fields', () => {
	const line = jsonLog('hello').record(TIME, 'warn', 'a\n"b"', {
		port: 8000,
		lines: ['x', 'y'],
		none: undefined,
	});
	assert.is(line.indexOf('\n'), line.length - 1);
	const expected = {
		time: '2026-01-02T03:04:05.006Z',
		level: 'warn',
		message: 'a\n"b"',
		port: 8000,
		lines: ['x', 'y'],
	};
	assert.equal(JSON.parse(line), expected);
});

test('U-40: a field never replaces time, level or message', () => {
	const record = JSON.parse(
		jsonLog('hello').record(TIME, 'info', 'm', { level: 'x', time: 1, message: 'y' }),
	);
	assert.equal([record.level, record.message, record['field.level']], ['info', 'm', 'x']);
});

test('U-40: a line of the function carries its stream, name and, where known, the request id', () => {
	const format = jsonLog('hello');
	const time = '2026-01-02T03:04:05.006Z';
	assert.equal(JSON.parse(format.output(TIME, 'stdout', 'a "b" \u001b[1m', 'id-1')), {
		time,
		stream: 'stdout',
		function: 'hello',
		requestId: 'id-1',
		line: 'a "b" \u001b[1m',
	});
	assert.equal(JSON.parse(format.output(TIME, 'stderr', '', null)), {
		time,
		stream: 'stderr',
		function: 'hello',
		line: '',
	});
});

test('U-41: text has no escape sequences unless colours are asked for', () => {
	const fields = { port: 8000, path: 'a b', lines: ['x'] };
	const plain = textLog(false).record(TIME, 'error', 'it broke', fields);
	assert.is(plain, '03:04:05.006 error it broke  port=8000  path="a b"\n    lines: x\n');
	assert.is(textLog(false).output(TIME, 'stderr', 'oops', null), '03:04:05.006 err   oops\n');
	assert.match(textLog(true).record(TIME, 'error', 'it broke', fields), '\u001b[31merror');
});

test.run();
