import * as fc from 'fast-check';

/** Fewer than the default of 1,000 bytes a run, and enough: what matters happens at the seams. */
export const RUNS = { numRuns: 200 };

export const bytes = (maxLength: number): fc.Arbitrary<Buffer> =>
	fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));

/** How long the reads are that some bytes come in; they repeat until all has come. */
export const readLengths: fc.Arbitrary<readonly number[]> = fc.array(fc.integer({ min: 1, max: 40 }), {
	minLength: 1,
	maxLength: 12,
});

/** `all` in reads of `lengths`, each a buffer of its own. */
export function inReads(all: Buffer, lengths: readonly number[]): readonly Buffer[] {
	const reads: Buffer[] = [];
	for (let at = 0, turn = 0; at < all.length; turn++) {
		const end = Math.min(all.length, at + (lengths[turn % lengths.length] ?? 1));
		reads.push(Buffer.from(all.subarray(at, end)));
		at = end;
	}
	return reads;
}
