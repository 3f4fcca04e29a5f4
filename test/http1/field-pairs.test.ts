import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fieldPairs } from '../../src/http1/field-pairs.ts';

const test = suite('fieldPairs');

test('H-33: field lines become pairs in order, repeated names apart', () => {
	assert.equal(fieldPairs('Set-Cookie: a=b:c\r\nX:\r\nset-cookie:\t d \r\n'), [
		['Set-Cookie', 'a=b:c'],
		['X', ''],
		['set-cookie', 'd'],
	]);
	assert.equal(fieldPairs(''), []);
});

test('H-33: a value in UTF-8 keeps its last byte, also where that byte alone would be a space', () => {
	const name = '你好à';
	const latin1 = Buffer.from(name).toString('latin1');
	const value = fieldPairs(`X-Name: ${latin1}\r\n`)[0]?.[1] ?? '';
	assert.is(Buffer.from(value, 'latin1').toString(), name);
});

test.run();
