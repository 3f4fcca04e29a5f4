import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BodyReader } from '../../src/http1/body-reader.ts';
import { ChunkedBody, CloseDelimitedBody, SizedBody } from '../../src/http1/body-reader.ts';
import { bytes, inReads, RUNS, readLengths } from './arbitraries.ts';

function readAll(body: BodyReader, reads: readonly Buffer[]): { data: Buffer; bytesRead: number } {
	const slices: Buffer[] = [];
	let bytesRead = 0;
	for (const read of reads) bytesRead += body.read(read, 0, (slice) => slices.push(slice));
	return { data: Buffer.concat(slices), bytesRead };
}

const test = suite('BodyReader');

test('H-30: a body of known length ends with its last byte, for any split into reads', () => {
	fc.assert(
		fc.property(bytes(200), bytes(20), readLengths, (data, after, lengths) => {
			const body = new SizedBody(data.length);
			assert.is(body.done, data.length === 0);
			const result = readAll(body, inReads(Buffer.concat([data, after]), lengths));
			assert.equal(result.data, data);
			assert.is(result.bytesRead, data.length);
			assert.ok(body.done);
			assert.ok(body.end());
		}),
		RUNS,
	);
});

test('H-30: a body of known length that stops before its end is told to be cut short', () => {
	const body = new SizedBody(5);
	readAll(body, [Buffer.from('abc')]);
	assert.not(body.done);
	assert.not(body.end());
});

test('H-30: a chunked body that stops before its last chunk is told to be cut short', () => {
	const encoded = Buffer.from('3\r\nabc\r\n0\r\n\r\n');
	for (let length = 0; length <= encoded.length; length++) {
		const body = new ChunkedBody();
		readAll(body, [encoded.subarray(0, length)]);
		assert.is(body.end(), length === encoded.length, `after ${length} bytes`);
		assert.is(body.done, length === encoded.length);
	}
});

test('H-30: a body without length lasts until its connection is closed', () => {
	const body = new CloseDelimitedBody();
	const reads = [Buffer.from('ab'), Buffer.from('c')];
	assert.is(readAll(body, reads).data.toString(), 'abc');
	assert.not(body.done);
	assert.ok(body.end());
	assert.ok(body.done);
});

test('H-30: a whole read is handed on as it came, a long part of one as a slice of it, a short one as a copy', () => {
	const read = Buffer.from(`abc${'d'.repeat(2000)}ef`);
	const slices: Buffer[] = [];
	const sink = (slice: Buffer) => slices.push(slice);
	new SizedBody(2005).read(read, 0, sink);
	assert.is(new SizedBody(2000).read(read, 3, sink), 2003);
	assert.is(new SizedBody(2).read(read, 2003, sink), 2005);
	new CloseDelimitedBody().read(read, 0, sink);
	new CloseDelimitedBody().read(read, 2005, sink);
	assert.is(slices.length, 4);
	assert.is(slices[0], read);
	assert.is(slices[1]?.toString(), 'd'.repeat(2000));
	assert.is(slices[1]?.buffer, read.buffer);
	assert.is(slices[2]?.toString(), 'ef');
	assert.is.not(slices[2]?.buffer, read.buffer);
	assert.is(slices[3], read);
});

test.run();
