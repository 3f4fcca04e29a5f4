import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FieldFilter, scanFields } from '../../src/http1/field-scan.ts';
import { RUNS } from './arbitraries.ts';
import { faultKind } from './fault-kind.ts';

const LIMITS = { lineBytesMax: 64, countMax: 4 };
const filter = new FieldFilter(['drop'], ['y']);
const DROP = { filter, field: (name: string) => (name === 'drop' ? ('drop' as const) : ('keep' as const)) };
const scan = (text: string) => scanFields(text, 0, LIMITS, DROP);

const test = suite('scanFields');

test('H-13: a folded line, white space before the colon and a line without a name or colon are refused', () => {
	const lines = [
		'A: b\r\n c',
		'A: b\r\n\tc',
		' A: b',
		'\tA: b',
		'A : b',
		'A\t: b',
		': b',
		' : b',
		'A',
		'A b',
		'',
		'\r\n',
	];
	for (const line of lines)
		assert.is(
			faultKind(() => scan(`${line}\r\n`)),
			'malformed',
			JSON.stringify(line),
		);
});

test('H-13: a bare CR or LF is refused in names and values, and a line must end', () => {
	for (const text of [
		'A: b\rC: d\r\n',
		'A: b\nC: d\r\n',
		'A\r: b\r\n',
		'A\n: b\r\n',
		'A: b\r\r\n',
		'A: b\n\r\n',
		'A: b\n',
		'A: b\r',
		'A: b',
		'A:\r\n\r',
	]) {
		assert.is(
			faultKind(() => scan(text)),
			'malformed',
			JSON.stringify(text),
		);
	}
});

test('H-13: no control byte stands in a value but tab, and nothing but tchar in a name', () => {
	for (let code = 0; code < 256; code++) {
		const byte = String.fromCharCode(code);
		const inValue = code === 0x09 || (code >= 0x20 && code !== 0x7f);
		assert.is(
			faultKind(() => scan(`A: b${byte}c\r\n`)),
			inValue ? null : 'malformed',
			`value 0x${code.toString(16)}`,
		);
		const inName = /[!#$%&'*+\-.^_`|~0-9A-Za-z:]/.test(byte);
		assert.is(
			faultKind(() => scan(`A${byte}B: c\r\n`)),
			inName ? null : 'malformed',
			`name 0x${code.toString(16)}`,
		);
	}
});

test('H-14: fields to forward stay as they came, in order and apart; dropped ones leave no trace', () => {
	assert.is(scan('a:1\r\nDROP: x\r\nA:  2 \r\n'), 'a:1\r\nA:  2 \r\n');
	assert.is(scan('Drop:\r\nB:\r\ndrop: y\r\n'), 'B:\r\n');
	assert.is(scan('Dr0p: a\r\ndropp: b\r\n'), 'Dr0p: a\r\ndropp: b\r\n');
	assert.is(scan(''), '');
});

test('H-14: the text kept is made of whole lines of the input, in their order', () => {
	const line = fc.tuple(
		fc.constantFrom('a', 'Drop', 'drop', 'B', 'set-cookie'),
		fc.stringMatching(/^[ -~\x80-\xff\t]{0,20}$/),
	);
	fc.assert(
		fc.property(fc.array(line, { maxLength: LIMITS.countMax }), (pairs) => {
			const lines = pairs.map(([name, value]) => `${name}:${value}\r\n`);
			const wanted = lines.filter((text) => !text.toLowerCase().startsWith('drop:'));
			assert.is(scan(lines.join('')), wanted.join(''));
		}),
		RUNS,
	);
});

test('H-14: a visitor gets values without the spaces around them, and every other byte', () => {
	const values: string[] = [];
	const field = (_: string, text: string, from: number, to: number) => {
		values.push(text.slice(from, to));
		return 'keep' as const;
	};
	scanFields('Y:  a b\t \r\ny-z:\xa0\xe0\xa0 \r\nY: \r\n', 0, LIMITS, { filter, field });
	assert.equal(values, ['a b\t', '\xa0\xe0\xa0', '']);
});

test('H-14: a name is told in lower case, whether it is one of those that were told or not', () => {
	const names = ['te', 'keep-alive', 'content-length'];
	const told = new FieldFilter(names, []);
	const anyCase = fc.constantFrom(...names).chain((name) => fc.mixedCase(fc.constant(name)));
	const token = fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,16}$/);
	fc.assert(
		fc.property(fc.oneof(anyCase, token), (name) => {
			assert.is(told.nameAt(`a${name}:`, 1, 1 + name.length), name.toLowerCase());
		}),
		RUNS,
	);
});

test('H-14: a filter passes the names it was told, in any case, whatever their length', () => {
	const long = `z${'a'.repeat(40)}`;
	const both = new FieldFilter([long, 'te'], []);
	assert.ok(both.concerns('Z'.charCodeAt(0), long.length));
	assert.ok(both.concerns('t'.charCodeAt(0), 2));
	assert.not(both.concerns('t'.charCodeAt(0), 3));
	assert.not(both.concerns('a'.charCodeAt(0), 2));
});

test('H-15: a line may be as long as the limit and there may be as many as the limit, and no more', () => {
	const longest = `A: ${'b'.repeat(LIMITS.lineBytesMax - 3)}`;
	assert.is(
		faultKind(() => scan(`${longest}\r\n`)),
		null,
	);
	assert.is(
		faultKind(() => scan(`${longest}b\r\n`)),
		'head-too-large',
	);
	assert.is(
		faultKind(() => scan('A: b\r\n'.repeat(LIMITS.countMax))),
		null,
	);
	assert.is(
		faultKind(() => scan('A: b\r\n'.repeat(LIMITS.countMax + 1))),
		'head-too-large',
	);
});

test.run();
