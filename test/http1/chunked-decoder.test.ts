import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ChunkedDecoder } from '../../src/http1/chunked-decoder.ts';
import { inReads, RUNS, readLengths } from './arbitraries.ts';
import { faultKind } from './fault-kind.ts';

/** The body, and the bytes after it. */
function decode(text: string): { body: string; rest: string; done: boolean } {
	const decoder = new ChunkedDecoder();
	const input = Buffer.from(text, 'latin1');
	let body = '';
	const end = decoder.read(input, 0, (slice) => {
		body += slice.toString('latin1');
	});
	return { body, rest: input.toString('latin1', end), done: decoder.done };
}
const refusal = (text: string) => faultKind(() => decode(text));

const test = suite('ChunkedDecoder');

test('H-25: chunks are joined, whatever the case of their sizes and zeros before them', () => {
	assert.equal(decode('3\r\nabc\r\n0A\r\n0123456789\r\n0\r\n\r\nnext'), {
		body: 'abc0123456789',
		rest: 'next',
		done: true,
	});
	assert.is(decode('b\r\n01234567890\r\n000\r\n\r\n').body, '01234567890');
	assert.is(decode('2\r\n\r\n\r\n0\r\n\r\n').body, '\r\n');
	assert.not(decode('3\r\nabc\r\n0\r\n').done);
});

test('H-25: a chunk size that is not plain hexadecimal digits is refused', () => {
	const sizes = [
		'',
		' ',
		' 5',
		'5 ',
		'\t5',
		'5\t',
		'+5',
		'-5',
		'-0',
		'0x5',
		'g',
		'5g',
		'5.',
		'5,',
		'"5"',
		'5\0',
		'\xb2',
		'00000000005',
		'fffffffffffffffff',
		'\r\n5',
	];
	for (const size of sizes)
		assert.is(refusal(`${size}\r\nhello\r\n0\r\n\r\n`), 'malformed', JSON.stringify(size));
});

test('H-25: the largest size that is read needs more data than any limit lets through', () => {
	assert.equal(decode('ffffffffff\r\nabc'), { body: 'abc', rest: '', done: false });
});

test('H-25: a bare CR or LF, and data that is longer or shorter than its size, are refused', () => {
	const bodies = [
		'3\nabc\r\n0\r\n\r\n',
		'3\rabc\r\n0\r\n\r\n',
		'3\r\nabc\n0\r\n\r\n',
		'3\r\nabc\r0\r\n\r\n',
		'3\r\nabcd\r\n',
		'3\r\nab\r\n0\r\n\r\n',
		'3\r\nabc0\r\n\r\n',
		'3\r\r\nabc',
		'0\n\n',
		'0\r\n\n',
		'0\r\n\rx',
	];
	for (const body of bodies) assert.is(refusal(body.padEnd(20, '\n')), 'malformed', JSON.stringify(body));
});

test('H-26: extensions are dropped where they are names, tokens and quoted strings', () => {
	for (const extension of [';a', ';a=b', ';a="b;\\" c\t"', ';a;b=c;d=""']) {
		assert.is(decode(`3${extension}\r\nabc\r\n0${extension}\r\n\r\n`).body, 'abc', extension);
	}
});

test('H-26: an extension that is anything else is refused', () => {
	for (const extension of [
		';',
		';;a',
		'; a',
		' ;a',
		';a ',
		';a=',
		';a="b',
		';a=b c',
		';a="\\',
		';=b',
		';a\0',
		';a\n',
		';a\rb',
		';\xe4',
		';a="\xe4"',
		';a="\x7f"',
		';a=b=c',
	]) {
		assert.is(refusal(`3${extension}\r\nabc\r\n0\r\n\r\n`), 'malformed', JSON.stringify(extension));
	}
});

test('H-26: all extensions of a body together have at most 4,096 bytes', () => {
	const chunk = `1;${'a'.repeat(2047)}\r\nx\r\n`;
	assert.is(refusal(`${chunk}${chunk}0\r\n\r\n`), null);
	assert.is(refusal(`${chunk}${chunk}0;a\r\n\r\n`), 'malformed');
});

test('H-27: trailer fields are checked and dropped', () => {
	assert.equal(decode('0\r\nA: b\r\nX-C:\r\n\r\nnext'), { body: '', rest: 'next', done: true });
	for (const trailer of ['A : b', ' A: b', 'A: b\r\n c', ': b', 'A', 'A: b\0', 'A: \r', 'A\n']) {
		assert.is(refusal(`0\r\n${trailer}\r\n\r\n`), 'malformed', JSON.stringify(trailer));
	}
});

test('H-27: a trailer with a field that frames a message, names its host or steers the connection is refused', () => {
	for (const field of [
		'Content-Length: 5',
		'transfer-encoding: chunked',
		'CONTENT-LENGTH:',
		'Connection: close',
		'host: h',
		'TE: x',
		'Upgrade: x',
	]) {
		assert.is(refusal(`0\r\n${field}\r\n\r\n`), 'malformed', field);
	}
});

test('H-27: a bare LF in the trailer is refused when it comes', () => {
	assert.is(refusal('0\r\n\n'), 'malformed');
	assert.is(refusal('0\r\nA: b\n'), 'malformed');
});

test('H-27: a trailer has at most 8,192 bytes', () => {
	const line = `A: ${'b'.repeat(59)}\r\n`;
	assert.is(refusal(`0\r\n${line.repeat(127)}\r\n`), null);
	assert.is(refusal(`0\r\n${line.repeat(128)}\r\n`), 'head-too-large');
	assert.is(refusal(`0\r\nA: ${'b'.repeat(9000)}`), 'head-too-large');
});

test('H-28: the body and its end are the same for any split into reads', () => {
	const data = fc
		.uint8Array({ minLength: 1, maxLength: 30 })
		.map((array) => Buffer.from(array).toString('latin1'));
	const chunk = fc.tuple(data, fc.constantFrom('', ';a', ';a="b;c"'));
	const trailer = fc.constantFrom('', 'A: b\r\n', 'A:\r\nB: c\r\n');
	fc.assert(
		fc.property(fc.array(chunk, { maxLength: 6 }), trailer, readLengths, (chunks, trailerText, lengths) => {
			const parts = chunks.map(
				([data, extension]) => `${data.length.toString(16)}${extension}\r\n${data}\r\n`,
			);
			const body = `${parts.join('')}0\r\n${trailerText}\r\n`;
			const decoder = new ChunkedDecoder();
			let decoded = '';
			let bytesRead = 0;
			for (const read of inReads(Buffer.from(`${body}GET`, 'latin1'), lengths)) {
				bytesRead += decoder.read(read, 0, (slice) => {
					assert.ok(slice.length > 0);
					decoded += slice.toString('latin1');
				});
			}
			assert.ok(decoder.done);
			assert.is(bytesRead, body.length);
			assert.is(decoded, chunks.map(([text]) => text).join(''));
		}),
		RUNS,
	);
});

test('H-28: data leaves as slices of the buffer it came in, uncopied where they are long', () => {
	const decoder = new ChunkedDecoder();
	const slices: Buffer[] = [];
	const first = Buffer.from(`fa3\r\n${'a'.repeat(2000)}`);
	const second = Buffer.from('b'.repeat(2003));
	for (const read of [first, second]) decoder.read(read, 0, (slice) => slices.push(slice));
	assert.is(slices[0]?.toString(), 'a'.repeat(2000));
	assert.is(slices[0]?.buffer, first.buffer);
	assert.is(slices[1], second);
});

test.run();
