/** Engines keep bytes as few as these in their own memory; a view has them moved out of it first, at the price of several copies. */
const SHORT_BYTES_MAX = 1000;

/** `bytes` from `from` up to `end`: as they are where that is all of them, a copy of what is short, else a view. */
export function partOf(bytes: Buffer, from: number, end: number): Buffer {
	if (from === 0 && end === bytes.length) return bytes;
	if (end - from > SHORT_BYTES_MAX) return bytes.subarray(from, end);
	const part = Buffer.allocUnsafeSlow(end - from);
	bytes.copy(part, 0, from, end);
	return part;
}
