import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ChunkedDecoder } from '../../src/http1/chunked-decoder.ts';
import { chunkedEnd, chunkPrefix } from '../../src/http1/chunked-encoder.ts';
import { RUNS } from './arbitraries.ts';

const test = suite('chunkPrefix and chunkedEnd');

test('H-29: what is encoded from any slices decodes to the same bytes', () => {
	const slices = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 8 });
	fc.assert(
		fc.property(slices, (all) => {
			const parts: Uint8Array[] = [];
			for (const [index, slice] of all.entries()) {
				parts.push(Buffer.from(chunkPrefix(slice.length, index === 0), 'latin1'), slice);
			}
			const encoded = Buffer.concat([...parts, Buffer.from(chunkedEnd(all.length === 0), 'latin1')]);
			const decoder = new ChunkedDecoder();
			const decoded: Buffer[] = [];
			assert.is(
				decoder.read(encoded, 0, (slice) => decoded.push(slice)),
				encoded.length,
			);
			assert.ok(decoder.done);
			assert.equal(Buffer.concat(decoded), Buffer.concat(all));
		}),
		RUNS,
	);
});

test('H-29: a chunk of no bytes, which would end the body, is never written', () => {
	assert.throws(() => chunkPrefix(0, false));
});

test.run();
