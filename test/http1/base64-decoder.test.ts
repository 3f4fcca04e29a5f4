import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Base64Decoder } from '../../src/http1/base64-decoder.ts';
import { bytes, inReads, RUNS, readLengths } from './arbitraries.ts';
import { faultKind } from './fault-kind.ts';

function decode(pieces: readonly string[]): Buffer {
	const decoder = new Base64Decoder();
	const slices: Buffer[] = [];
	for (const piece of pieces) decoder.push(Buffer.from(piece, 'latin1'), (slice) => slices.push(slice));
	decoder.end();
	return Buffer.concat(slices);
}

const test = suite('Base64Decoder');

test('H-32: Base64 decodes to the bytes it stands for, for any split', () => {
	fc.assert(
		fc.property(bytes(300), readLengths, (data, lengths) => {
			const pieces = inReads(Buffer.from(data.toString('base64')), lengths).map(String);
			assert.equal(decode(pieces), data);
		}),
		RUNS,
	);
});

test('H-32: anything but the one alphabet, and padding but where it is due, is refused however it is split', () => {
	const texts = [
		...[
			'A',
			'AA',
			'AAA',
			'AAAAA',
			'=',
			'==',
			'===',
			'====',
			'A===',
			'AA=A',
			'AA==AAAA',
			'AA==A',
			'AAA=AAA=',
			'AAAA=',
			'AAAA====',
			'AA==AA==',
		],
		...[
			'AA A',
			'AAA ',
			' AAA',
			'AAAA\n',
			'AA\r\nAA',
			'AAA-',
			'_AAA',
			'AAA*',
			'AA.A',
			'AA\0A',
			'AAA\xc1',
			'\xc1AAA',
			'AAA,',
			'AAAA AAA',
			'A=AA',
			'=AAA',
			'AAAA=AAA',
		],
	];
	for (const text of texts) {
		assert.is(
			faultKind(() => decode([text])),
			'malformed',
			JSON.stringify(text),
		);
		assert.is(
			faultKind(() => decode([...text])),
			'malformed',
			`${JSON.stringify(text)} by the character`,
		);
	}
});

test('H-32: one wrong character anywhere is refused', () => {
	const wrong = fc
		.integer({ min: 0, max: 255 })
		.map((code) => String.fromCharCode(code))
		.filter((char) => !/[A-Za-z0-9+/]/.test(char));
	fc.assert(
		fc.property(fc.uint8Array({ minLength: 3, maxLength: 60 }), wrong, fc.nat(), (data, char, place) => {
			const text = Buffer.from(data.subarray(0, data.length - (data.length % 3))).toString('base64');
			// The last two places are where padding may stand.
			const at = place % (text.length - 2);
			assert.is(
				faultKind(() => decode([text.slice(0, at) + char + text.slice(at + 1)])),
				'malformed',
			);
		}),
		RUNS,
	);
});

test.run();
