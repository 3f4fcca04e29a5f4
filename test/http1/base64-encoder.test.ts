import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Base64Decoder } from '../../src/http1/base64-decoder.ts';
import { Base64Encoder } from '../../src/http1/base64-encoder.ts';
import { bytes, inReads, RUNS, readLengths } from './arbitraries.ts';

function encode(reads: readonly Buffer[]): string {
	const encoder = new Base64Encoder();
	const pieces: Buffer[] = [];
	for (const read of reads) encoder.push(read, (piece) => pieces.push(piece));
	encoder.end((piece) => pieces.push(piece));
	return Buffer.concat(pieces).toString('latin1');
}

const test = suite('Base64Encoder');

test('H-31: the pieces join to the Base64 of the whole body, for any split', () => {
	fc.assert(
		fc.property(bytes(300), readLengths, (data, lengths) => {
			const encoder = new Base64Encoder();
			let text = '';
			const sink = (piece: Buffer): void => {
				text += piece.toString('latin1');
			};
			for (const read of inReads(data, lengths)) encoder.push(read, sink);
			encoder.end(sink);
			encoder.end(sink);
			assert.is(text, data.toString('base64'));
		}),
		RUNS,
	);
});

test('H-31: no piece is longer than 64 KiB, however much comes at once', () => {
	const data = Buffer.alloc(200_001, 'httpfn');
	const encoder = new Base64Encoder();
	const pieces: Buffer[] = [];
	encoder.push(data.subarray(0, 1), (piece) => pieces.push(piece));
	encoder.push(data.subarray(1), (piece) => pieces.push(piece));
	encoder.end((piece) => pieces.push(piece));
	assert.is(Buffer.concat(pieces).toString('latin1'), data.toString('base64'));
	assert.ok(Math.max(...pieces.map(({ length }) => length)) <= 65_536);
});

test('H-31: every length up to 100, in two reads split anywhere, gives what the whole gives', () => {
	const all = Buffer.from(Array.from({ length: 100 }, (_, at) => (at * 151) & 0xff));
	for (let length = 0; length <= all.length; length += 1) {
		const data = all.subarray(0, length);
		const whole = data.toString('base64');
		for (let split = 0; split <= length; split += 1) {
			assert.is(encode([data.subarray(0, split), data.subarray(split)]), whole, `${split} of ${length}`);
		}
	}
});

test('H-31: long bodies give what the whole gives, whatever was carried into them', () => {
	for (const blocks of [6144, 49_152, 98_304]) {
		for (let length = blocks - 3; length <= blocks + 3; length += 1) {
			const data = randomBytes(length);
			for (const split of [0, 1, 2, 3, length - 1]) {
				const found = encode([data.subarray(0, split), data.subarray(split)]);
				assert.ok(found === data.toString('base64'), `${split} of ${length}`);
			}
		}
	}
});

test('H-160: bodies that are encoded and decoded in turns get nothing of one another', () => {
	fc.assert(
		fc.property(fc.array(bytes(300), { minLength: 2, maxLength: 5 }), readLengths, (bodies, lengths) => {
			const ways = bodies.map((body) => {
				const [encoder, decoder] = [new Base64Encoder(), new Base64Decoder()];
				const out: Buffer[] = [];
				const decode = (signs: Buffer): void => decoder.push(signs, (slice) => out.push(slice));
				return { body, reads: inReads(body, lengths), encoder, decode, out };
			});
			const turns = Math.max(...ways.map(({ reads }) => reads.length));
			for (let turn = 0; turn < turns; turn += 1) {
				for (const { reads, encoder, decode } of ways) encoder.push(reads[turn] ?? Buffer.alloc(0), decode);
			}
			for (const { encoder, decode } of ways) encoder.end(decode);
			for (const { body, out } of ways) assert.equal(Buffer.concat(out), body);
		}),
		RUNS,
	);
});

test.run();
