import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FramingFields, HOP_BY_HOP, withoutNominated } from '../../src/http1/framing-fields.ts';
import { parseRequestHead } from '../../src/http1/request-head.ts';
import { faultKind } from './fault-kind.ts';

const LIMITS = { targetBytesMax: 100, lineBytesMax: 1000, countMax: 64 };
const parse = (lines: string, version = '1.1') =>
	parseRequestHead(`POST / HTTP/${version}\r\nHost: h\r\n${lines}`, LIMITS, () => 'plain');

const test = suite('FramingFields');

test('H-16: Content-Length is read as plain decimal digits', () => {
	assert.is(parse('Content-Length: 0\r\n').contentLength, 0);
	assert.is(parse('content-length:  42 \r\n').contentLength, 42);
	assert.is(parse('Content-Length: 999999999999999\r\n').contentLength, 999_999_999_999_999);
	assert.is(parse('').contentLength, -1);
});

test('H-16: a Content-Length that is not digits alone, or comes twice, is refused', () => {
	const values = [
		'',
		'+5',
		'-5',
		'5, 5',
		'5,6',
		'5 5',
		'0x5',
		'5.0',
		'1e1',
		'5;',
		'"5"',
		'\xb2',
		'5\xa0',
		'5\t',
		'\t5',
		'1000000000000000',
		'18446744073709551617',
	];
	for (const value of values) {
		assert.is(
			faultKind(() => parse(`Content-Length: ${value}\r\n`)),
			'malformed',
			JSON.stringify(value),
		);
	}
	assert.is(
		faultKind(() => parse('Content-Length: 5\r\nContent-Length: 5\r\n')),
		'malformed',
	);
	assert.is(
		faultKind(() => parse('Content-Length: 0\r\ncontent-length: 5\r\n')),
		'malformed',
	);
});

test('H-17: the one transfer coding is chunked, in any case', () => {
	assert.ok(parse('Transfer-Encoding: chunked\r\n').chunked);
	assert.ok(parse('transfer-encoding:CHUNKED \r\n').chunked);
	assert.not(parse('').chunked);
});

test('H-17: any other transfer coding, or list of them, is refused as unknown', () => {
	const values = [
		'',
		'gzip',
		'identity',
		'gzip, chunked',
		'chunked, gzip',
		'chunked, chunked',
		'chunked,',
		',chunked',
		'xchunked',
		'chunked;q=1',
		'"chunked"',
		'chunked\xa0',
		'chunked\t',
		'\tchunked',
	];
	for (const value of values) {
		assert.is(
			faultKind(() => parse(`Transfer-Encoding: ${value}\r\n`)),
			'transfer-coding-unknown',
			JSON.stringify(value),
		);
	}
});

test('H-17: Transfer-Encoding twice, beside Content-Length, or in HTTP/1.0 is refused', () => {
	const chunked = 'Transfer-Encoding: chunked\r\n';
	assert.is(
		faultKind(() => parse(chunked + chunked)),
		'malformed',
	);
	assert.is(
		faultKind(() => parse(`${chunked}Content-Length: 5\r\n`)),
		'malformed',
	);
	assert.is(
		faultKind(() => parse(`Content-Length: 0\r\n${chunked}`)),
		'malformed',
	);
	assert.is(
		faultKind(() => parse(chunked, '1.0')),
		'malformed',
	);
});

test('H-18: fields of the hop are never kept, nor are those that Connection lists, but for Host', () => {
	for (const name of HOP_BY_HOP) {
		const value = { 'content-length': '1', 'transfer-encoding': 'chunked' }[name] ?? 'x';
		assert.is(
			parse(`A: 1\r\n${name.toUpperCase()}: ${value}\r\nB: 2\r\n`).kept,
			'Host: h\r\nA: 1\r\nB: 2\r\n',
			name,
		);
	}
	const listed = parse(
		'X-Gone: 1\r\nConnection: close, x-GONE , host,\tx-too\r\nx-Too: 2\r\nX-Gone-Not: 3\r\n',
	);
	assert.is(listed.kept, 'Host: h\r\nX-Gone-Not: 3\r\n');
	assert.is(withoutNominated('A: 1\r\nB: 2\r\na: 3\r\n', new Set(['a'])), 'B: 2\r\n');
});

test('H-18: names that a server in the manner of CGI would fold into one of these go the same way', () => {
	const head = parse('Transfer_Encoding: chunked\r\ncontent_length: 5\r\nX_Other: kept\r\n');
	assert.is(head.kept, 'Host: h\r\nX_Other: kept\r\n');
	assert.is(head.contentLength, -1);
	assert.not(head.chunked);
});

test('H-18: a listed name cannot take the framing with it', () => {
	assert.is(parse('Connection: content-length\r\nContent-Length: 5\r\n').contentLength, 5);
	assert.ok(parse('Transfer-Encoding: chunked\r\nConnection: transfer-encoding\r\n').chunked);
});

test('H-18: only spaces and tabs around a Connection option are skipped', () => {
	const fields = new FramingFields();
	fields.take('connection', '\t close ,,\xa0upgrade');
	assert.ok(fields.connectionClose);
	assert.not(fields.connectionUpgrade);
});

test('H-19: the seconds of Keep-Alive are read where they are plain', () => {
	const seconds = (value: string): number => {
		const fields = new FramingFields();
		assert.ok(fields.take('keep-alive', value));
		return fields.keepAliveSeconds;
	};
	assert.is(seconds('timeout=5'), 5);
	assert.is(seconds('max=10, Timeout=72'), 72);
	for (const value of ['', 'max=10', 'timeout=', 'timeout=x', 'timeout=-1', 'xtimeout=5'])
		assert.is(seconds(value), -1, value);
});

test.run();
