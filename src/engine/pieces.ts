/**
 * Memory that connections are read into, used again and again. A page that is touched for the first time costs as much as copying
 * it several times, and a long body that only passes through needs no memory of its own.
 */
export const PIECE_BYTES = 256 * 1024;
/** Kept while nobody reads anything. */
const SPARE_MAX = 8;

const spare: Buffer[] = [];
/** Memory of pieces that somebody has. */
const taken = new WeakSet<ArrayBufferLike>();

/** PIECE_BYTES bytes with anything in them. */
export function takePiece(): Buffer {
	const piece = spare.pop() ?? Buffer.allocUnsafeSlow(PIECE_BYTES);
	taken.add(piece.buffer);
	return piece;
}

/** Nobody reads `bytes` any more. A whole piece is used again; anything else is left to the collector. Twice is harmless. */
export function givePiece(bytes: Uint8Array): void {
	if (bytes.length !== PIECE_BYTES || spare.length === SPARE_MAX || !taken.delete(bytes.buffer)) return;
	spare.push(Buffer.from(bytes.buffer));
}
