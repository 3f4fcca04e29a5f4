/** docs/limits.md says what the product does. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FIELDS } from '../../src/config/schema.ts';
import { ERRORS } from '../../src/contract/errors.ts';
import { LIMITS } from '../../src/contract/limits.ts';

const test = suite('the page of limits');
const PAGE = readFileSync(new URL('../../docs/limits.md', import.meta.url), 'utf8');

/** `128 KiB`, `12 MiB`, `8,192`, as the page writes them. */
function shown(value: number, unit: 'bytes' | 'ms' | 'count'): string {
	if (unit === 'ms') return `${value / 1000} s`;
	if (unit === 'count') return value.toLocaleString('en-US');
	return value % (1024 * 1024) === 0 ? `${value / 1024 / 1024} MiB` : `${value / 1024} KiB`;
}

/** The row that begins so. */
function row(start: string): string {
	const found = PAGE.split('\n').find((line) => line.startsWith(`| ${start}`));
	assert.ok(found !== undefined, start);
	return found ?? '';
}

test('U-155: the page of limits has the values that hold', () => {
	const rows: readonly (readonly [string, number, 'bytes' | 'ms' | 'count'])[] = [
		['path and query', LIMITS.targetBytesMax, 'bytes'],
		['a header line', LIMITS.headerLineBytesMax, 'bytes'],
		['a header line', LIMITS.headBytesMax, 'bytes'],
		['a header line', LIMITS.headerCountMax, 'count'],
		['body, for', LIMITS.gatewayBodyBytesMax, 'bytes'],
		['body, for', LIMITS.requestBodyBytesMax, 'bytes'],
		['time for the head', LIMITS.headTimeoutMs, 'ms'],
		['pause in a body', LIMITS.stallTimeoutMs, 'ms'],
		['pause in a body', LIMITS.requestBodyMsMax, 'ms'],
		['time of the function', LIMITS.timeoutSecondsMax, 'count'],
		['response body', LIMITS.responseBodyBytesMax, 'bytes'],
		['response body', LIMITS.streamBodyBytesMax, 'bytes'],
		['an idle connection', LIMITS.idleTimeoutMs, 'ms'],
		['HTTP/2: streams', LIMITS.streamsMax, 'count'],
		['HTTP/2: streams', LIMITS.streamWindowBytes, 'bytes'],
		['connections of clients', LIMITS.connectionsMax, 'count'],
		['of one address', LIMITS.connectionsPerAddressMax, 'count'],
		['requests that wait for an instance', LIMITS.queuedRequestsMax, 'count'],
		['bytes of bodies', LIMITS.heldBytesMax, 'bytes'],
		['instances', LIMITS.instancesDefault, 'count'],
		['requests that wait; for', LIMITS.queueDefault, 'count'],
		['memory', LIMITS.memoryMbDefault, 'count'],
		['a line of its output', LIMITS.outputLineBytesMax, 'bytes'],
	];
	for (const [start, value, unit] of rows) assert.match(row(start), shown(value, unit));
});

test('U-155: every option and error that it names is there, with its status', () => {
	const flags = new Set(Object.values(FIELDS).map(({ flag }) => flag as string | null));
	for (const [, flag = ''] of PAGE.matchAll(/`(--[a-z-]+)`/g)) assert.ok(flags.has(flag), flag);
	for (const [, status, code = ''] of PAGE.matchAll(/\| (\d{3}) `(ERR_[A-Z_]+)`/g))
		assert.is(String(ERRORS[code as keyof typeof ERRORS]?.status), status, code);
	for (const [, code = ''] of PAGE.matchAll(/`(ERR_[A-Z_]+)`/g)) assert.ok(Object.hasOwn(ERRORS, code), code);
});

test.run();
