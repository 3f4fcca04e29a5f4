import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EventScanner, type ScannedEvent } from '../../src/contract/event-scanner.ts';
import { jsonStringBytes } from '../../src/contract/json-string-bytes.ts';
import { thrown, thrownCode } from './thrown-code.ts';

const test = suite('event scanner');

function scan(text: string, chunkBytes = Number.POSITIVE_INFINITY): ScannedEvent {
	const bytes = Buffer.from(text);
	const scanner = new EventScanner();
	for (let at = 0; at < bytes.length; at += chunkBytes) scanner.push(bytes.subarray(at, at + chunkBytes));
	return scanner.end();
}

/** The body as any JSON parser reads it, from the span alone. */
function bodyOf(text: string, scanned: ScannedEvent): unknown {
	if (scanned.body === null) return null;
	return JSON.parse(`"${Buffer.from(text).subarray(scanned.body.start, scanned.body.end).toString()}"`);
}

function withoutBody(value: Record<string, unknown>): unknown {
	return typeof value.body === 'string' ? { ...value, body: '' } : value;
}

test('C-31: the place of the body is found and the rest is parsed, whatever the order of members', () => {
	for (const text of [
		'{"body":"QUJD","path":"/"}',
		' {\n "path" : "/" , "body" : "QUJD" } ',
		'{"path":"/","b\\u006fdy":"QUJD"}',
	]) {
		const scanned = scan(text);
		assert.equal(scanned.rest, { path: '/', body: '' });
		assert.is(bodyOf(text, scanned), 'QUJD');
		assert.is(scanned.body?.escaped, false);
	}
});

test('C-31: a body inside another member is no body of the event', () => {
	for (const text of [
		'{"a":{"body":"x"}}',
		'{"a":["body","x",{"body":"y"}]}',
		'{"a":"body","c":"\\"body\\":\\"x"}',
	]) {
		const scanned = scan(text);
		assert.is(scanned.body, null, text);
		assert.equal(scanned.rest, JSON.parse(text));
	}
});

test('C-31: an absent and a null body are none, an empty one is a span of no bytes', () => {
	assert.is(scan('{}').body, null);
	assert.is(scan('{"body":null}').body, null);
	assert.equal(scan('{"body":""}').body, { start: 9, end: 9, escaped: false });
});

test('C-31: a body with escapes is told apart', () => {
	assert.equal(scan('{"body":"QU\\/D"}').body, { start: 9, end: 14, escaped: true });
});

test('C-31: any object in any split gives what JSON.parse gives', () => {
	const member = fc.tuple(
		fc.oneof(fc.constantFrom('headers', 'a"b', 'bodY', '\\'), fc.string()),
		fc.jsonValue(),
	);
	const space = fc.constantFrom('', ' ', '\n\t');
	fc.assert(
		fc.property(
			fc.array(member, { maxLength: 5 }),
			fc.option(fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed())),
			fc.nat(5),
			space,
			fc.integer({ min: 1, max: 40 }),
			(members, body, place, gap, chunkBytes) => {
				const parts = members
					.filter(([name]) => name !== 'body')
					.map(([name, value]) => `${JSON.stringify(name)}${gap}:${gap}${JSON.stringify(value)}`);
				parts.splice(place, 0, `${gap}"body"${gap}:${gap}${JSON.stringify(body)}${gap}`);
				const text = `{${gap}${parts.join(`${gap},`)}}${gap}`;
				const scanned = scan(text, chunkBytes);
				const parsed = JSON.parse(text);
				assert.equal(scanned.rest, withoutBody(parsed));
				assert.is(bodyOf(text, scanned), parsed.body);
			},
		),
		{ numRuns: 300 },
	);
});

test('C-32: text is accepted where JSON.parse accepts it as an object, and refused elsewhere', () => {
	const token = fc.constantFrom(
		'{',
		'}',
		'[',
		']',
		':',
		',',
		'"',
		'\\',
		'"body"',
		'"a"',
		'null',
		'1',
		' ',
		'""',
		'x',
	);
	fc.assert(
		fc.property(fc.array(token, { maxLength: 12 }), fc.integer({ min: 1, max: 9 }), (tokens, chunkBytes) => {
			const text = `{${tokens.join('')}}`;
			const mine = attempt(() => {
				const scanned = scan(text, chunkBytes);
				return { ...scanned.rest, ...(scanned.body === null ? {} : { body: bodyOf(text, scanned) }) };
			});
			const theirs = attempt(() => JSON.parse(text));
			// Stricter in two ways: one body only, and that text or null.
			if (mine === undefined && /"body"/.test(text)) return;
			assert.equal(mine, theirs);
		}),
		{ numRuns: 2000 },
	);
});

test('C-32: a second body, a body of another kind and what is no object are refused', () => {
	for (const text of [
		'{"body":"a","body":"b"}',
		'{"body":null,"body":"b"}',
		'{"body":"a","b\\u006fdy":null}',
		'{"body":1}',
		'{"body":{"a":"b"}}',
		'{"body":["a"]}',
		'[]',
		'"text"',
		'',
		' ',
		'null',
		'{"a":1',
		'{"body":"a',
		'{"body":"a" "b"}',
		'{"body":"a\\"}',
		'{"a":1}{"body":"x"}',
		'\ufeff{}',
	]) {
		assert.is(
			thrownCode(() => scan(text)),
			'ERR_EVENT_INVALID',
			text,
		);
	}
	const notUtf8 = new EventScanner();
	notUtf8.push(Buffer.from('{"a":"\xff"}', 'latin1'));
	assert.is(
		thrownCode(() => notUtf8.end()),
		'ERR_EVENT_INVALID',
	);
});

test('C-32: an envelope that can not be read is a fault of the function', () => {
	const scanner = new EventScanner('ERR_ENVELOPE_INVALID');
	scanner.push(Buffer.from('{"body":'));
	assert.is(thrown(() => scanner.end())?.row.wire, 'FSS.1206');
});

test('C-32: what is not the body may have 1 MiB, the body any size', () => {
	const scanner = new EventScanner();
	scanner.push(Buffer.from('{"a":"b","body":"'));
	const chunk = Buffer.alloc(1024 * 1024, 'A');
	for (let count = 0; count < 64; count++) scanner.push(chunk);
	scanner.push(Buffer.from('"}'));
	assert.equal(scanner.end().body, { start: 17, end: 17 + 64 * 1024 * 1024, escaped: false });

	const padding = 'x'.repeat(1024 * 1024 - 8);
	assert.is(Object.keys(scan(`{"a":"${padding}"}`).rest).length, 1);
	assert.is(
		thrownCode(() => scan(`{"a":"${padding}x"}`, 1000)),
		'ERR_EVENT_INVALID',
	);
});

test('C-33: the escapes of a text body are undone into UTF-8', () => {
	const read = (content: string): string =>
		Buffer.from(jsonStringBytes(Buffer.from(content))).toString('utf8');
	assert.is(read('a\\n\\"\\/\\\\\\u4f60\\ud83d\\ude00 好'), 'a\n"/\\你😀 好');
	assert.is(read(''), '');
	assert.is(read('\ufeffa'), '\ufeffa');
});

test('C-33: a text body with a bad escape, a control character or bad UTF-8 is refused', () => {
	for (const content of ['\\x', '\\', 'a\nb', '"', '\\u12', '\xff']) {
		assert.is(
			thrownCode(() => jsonStringBytes(Buffer.from(content, 'latin1'))),
			'ERR_EVENT_INVALID',
			JSON.stringify(content),
		);
	}
});

function attempt(read: () => unknown): unknown {
	try {
		return read();
	} catch {
		return undefined;
	}
}

test.run();
