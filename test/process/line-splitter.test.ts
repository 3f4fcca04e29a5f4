import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LineSplitter } from '../../src/process/line-splitter.ts';

const test = suite('line splitter');

function split(chunks: readonly (Buffer | string)[], lineBytesMax = 1000): string[] {
	const lines: string[] = [];
	const splitter = new LineSplitter(lineBytesMax, (line) => lines.push(line));
	for (const chunk of chunks) splitter.push(Buffer.from(chunk as string));
	splitter.end();
	return lines;
}

test('S-22: lines end at LF or CR LF, empty ones count, and the last one needs no newline', () => {
	assert.equal(split(['a\r\nb\n\nc']), ['a', 'b', '', 'c']);
	assert.equal(split(['a\n']), ['a']);
	assert.equal(split([]), []);
	assert.equal(split(['a\rb\r', '\nc\r']), ['a\rb', 'c\r']);
});

test('S-22: whatever the borders of the reads, the lines are the same', () => {
	const text = fc.array(fc.string({ unit: 'grapheme' }).map((line) => line.replaceAll(/[\r\n]/g, '')));
	fc.assert(
		fc.property(text, fc.array(fc.nat(40)), (lines, sizes) => {
			const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
			const chunks: Buffer[] = [];
			let at = 0;
			for (const size of [...sizes, bytes.length]) {
				chunks.push(bytes.subarray(at, at + size));
				at += size;
			}
			assert.equal(split(chunks), lines);
		}),
		{ numRuns: 200 },
	);
});

test('S-22: a line over the limit is split between characters, nothing is lost', () => {
	assert.equal(split(['abcdefgh\n'], 4), ['abcd', 'efgh']);
	assert.equal(split(['ééééé\n'], 5), ['éé', 'éé', 'é']);
	assert.equal(split(['é', 'é', 'é', 'é', 'é'], 5), ['éé', 'éé', 'é']);
	// Bytes that are no UTF-8 have no such border.
	assert.equal(split([Buffer.alloc(6, 0x80)], 4), ['\ufffd'.repeat(4), '\ufffd'.repeat(2)]);
});

test('S-22: a line that never ends is held up to the limit only', () => {
	const lines: string[] = [];
	const splitter = new LineSplitter(100, (line) => lines.push(line));
	for (let times = 0; times < 10_000; times++) splitter.push(Buffer.from('x'));
	assert.ok(lines.length >= 98);
	splitter.end();
	assert.is(lines.join('').length, 10_000);
	assert.ok(lines.every((line) => line.length <= 100));
});

test.run();
