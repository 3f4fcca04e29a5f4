import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readWithCodec, type Side } from '../../scripts/fuzz-codec.ts';
import { fuzzInput } from '../../scripts/fuzz-input.ts';
import { FuzzRandom } from '../../scripts/fuzz-random.ts';
import { bytes, inReads, RUNS, readLengths } from './arbitraries.ts';

const side = fc.constantFrom<Side>('request', 'response');

const test = suite('mutations');

test('H-34: spoilt messages are read or refused alike for any split into reads', () => {
	fc.assert(
		fc.property(side, fc.nat(), readLengths, (which, seed, lengths) => {
			const input = fuzzInput(which, new FuzzRandom(seed));
			const whole = readWithCodec(which, [input]);
			const inPieces = readWithCodec(which, inReads(input, lengths));
			assert.equal(inPieces.messages, whole.messages);
			assert.is(inPieces.bytesRead, whole.bytesRead);
			assert.is(inPieces.fault === null, whole.fault === null);
		}),
		{ numRuns: 1000 },
	);
});

test('H-34: any bytes at all are read or refused, and never break the codec', () => {
	fc.assert(
		fc.property(side, bytes(200), readLengths, (which, input, lengths) => {
			readWithCodec(which, inReads(input, lengths));
			readWithCodec(which, [Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'), input]);
		}),
		RUNS,
	);
});

test.run();
