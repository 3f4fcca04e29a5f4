import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Base64Decoder } from '../../src/http1/base64-decoder.ts';
import { ProtocolFault } from '../../src/http1/protocol-fault.ts';
import { bytes, inReads, RUNS, readLengths } from './arbitraries.ts';
import { faultKind } from './fault-kind.ts';

function decode(pieces: readonly string[]): Buffer {
	const decoder = new Base64Decoder();
	const slices: Buffer[] = [];
	for (const piece of pieces) decoder.push(Buffer.from(piece, 'latin1'), (slice) => slices.push(slice));
	decoder.end();
	return Buffer.concat(slices);
}

/** The bytes in hexadecimal, or what kind of fault it is. */
function outcome(pieces: readonly string[]): string {
	try {
		return decode(pieces).toString('hex');
	} catch (error) {
		if (!(error instanceof ProtocolFault)) throw error;
		return error.kind;
	}
}

function byTheRule(text: string): string {
	const right = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);
	return right ? Buffer.from(text, 'base64').toString('hex') : 'malformed';
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

test('H-32: every byte is judged at every place of a vector and of what is left over', () => {
	const text = Buffer.from(randomBytes(36)).toString('base64');
	for (let at = 0; at < text.length - 2; at += 1) {
		for (let code = 0; code < 256; code += 1) {
			const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
			assert.is(outcome([changed]), byTheRule(changed), `byte ${code} at ${at}`);
		}
	}
});

test('H-32: texts with anything put anywhere, in any split, are decoded or refused by the rule', () => {
	const damage = fc.array(fc.tuple(fc.nat(), fc.constantFrom(...'A/+9z=- \n\0\x80\xbd\xff')), {
		maxLength: 3,
	});
	const length = fc.oneof(fc.nat({ max: 100 }), fc.integer({ min: 6100, max: 6200 }));
	fc.assert(
		fc.property(length, damage, fc.nat({ max: 3 }), readLengths, (size, changes, cut, lengths) => {
			const text = Buffer.from(randomBytes(size).toString('base64'), 'latin1');
			for (const [place, sign] of changes)
				text.write(sign, text.length === 0 ? 0 : place % text.length, 'latin1');
			const whole = text.subarray(0, Math.max(0, text.length - cut));
			const reads = inReads(whole, lengths).map((read) => read.toString('latin1'));
			assert.is(outcome(reads), byTheRule(whole.toString('latin1')));
		}),
		RUNS,
	);
});

test.run();
