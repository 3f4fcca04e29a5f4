import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { givePiece, PIECE_BYTES, takePiece } from '../../src/engine/pieces.ts';

const test = suite('pieces');

test('H-164: a piece that was given back is used again, once however often it is given', () => {
	const piece = takePiece();
	assert.is(piece.length, PIECE_BYTES);
	givePiece(piece);
	givePiece(piece);
	const [first, second] = [takePiece(), takePiece()];
	assert.is(first.buffer, piece.buffer);
	assert.is.not(second.buffer, piece.buffer);
});

test('H-164: nothing but whole pieces is used again', () => {
	const piece = takePiece();
	givePiece(piece.subarray(1));
	givePiece(Buffer.alloc(PIECE_BYTES));
	givePiece(Buffer.alloc(8));
	const next = takePiece();
	assert.is.not(next.buffer, piece.buffer);
	assert.is(next.length, PIECE_BYTES);
});

test.run();
