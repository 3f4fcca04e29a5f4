import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Base64Encoder } from '../../src/http1/base64-encoder.ts';
import { bytes, inReads, RUNS, readLengths } from './arbitraries.ts';

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

test.run();
