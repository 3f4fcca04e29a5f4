import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HpackDecoder } from '../../src/http2/hpack-decoder.ts';
import { encodeField, encodeFieldLines, encodeStatus } from '../../src/http2/hpack-encoder.ts';

const test = suite('hpack-encoder');

function decoded(block: string): readonly string[] {
	return new HpackDecoder(4096).decode(Buffer.from(block, 'latin1'), 1 << 20).pairs;
}

test('G-114: any status is one field, one byte where the static table has it', () => {
	for (let status = 100; status < 600; status++) {
		assert.equal(decoded(encodeStatus(status)), [':status', String(status)]);
	}
	assert.is(encodeStatus(200), '\x88');
	assert.is(encodeStatus(404), '\x8d');
});

test('G-114: field lines are written with names in lower case and values without blanks around them', () => {
	const lines =
		'Content-Type: text/plain\r\nX-Thing:a b \t\r\nEmpty:\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n';
	const fields = [
		'content-type',
		'text/plain',
		'x-thing',
		'a b',
		'empty',
		'',
		'set-cookie',
		'a=1',
		'set-cookie',
		'b=2',
	];
	assert.equal(decoded(encodeFieldLines(lines)), fields);
	// What was written once is remembered.
	assert.equal(decoded(encodeFieldLines(lines)), fields);
});

test('G-114: whatever is written is read again', () => {
	const name = fc.stringMatching(/^[a-z0-9-]{1,300}$/);
	const value = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
	fc.assert(
		fc.property(name, value, (itsName, itsValue) => {
			assert.equal(decoded(encodeField(itsName, itsValue)), [itsName, itsValue]);
		}),
		{ numRuns: 300 },
	);
});

test.run();
