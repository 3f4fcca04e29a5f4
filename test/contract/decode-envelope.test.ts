import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeEnvelope } from '../../src/contract/decode-envelope.ts';
import { envelopeHead } from '../../src/contract/envelope.ts';
import { thrown } from './thrown-code.ts';

const test = suite('decode envelope');

test('C-38: header values may be text or lists of text, and the Base64 flag is true unless it says otherwise', () => {
	assert.equal(
		decodeEnvelope({ statusCode: 201, headers: { a: '1', b: ['2', '3'] }, isBase64Encoded: false }),
		{
			statusCode: 201,
			fields: [
				['a', '1'],
				['b', '2'],
				['b', '3'],
			],
			bodyIsBase64: false,
		},
	);
	assert.equal(decodeEnvelope({ statusCode: 200 }), { statusCode: 200, fields: [], bodyIsBase64: true });
	assert.equal(decodeEnvelope({ statusCode: 599, headers: null }).fields, []);
});

test('C-38: what was encoded is decoded to the same fields', () => {
	const fields = [
		['Content-Type', 'text/html'],
		['Set-Cookie', 'caf\xc3\xa9'],
		['Set-Cookie', 'b'],
	] as const;
	const decoded = decodeEnvelope(JSON.parse(`${envelopeHead(404, fields)}"}`));
	assert.equal(decoded, { statusCode: 404, fields, bodyIsBase64: true });
});

test('C-39: an envelope without a status code, or with 0, is answered with FSS.1206', () => {
	for (const rest of [{}, { statusCode: 0 }, { statusCode: null }]) {
		const error = thrown(() => decodeEnvelope(rest));
		assert.is(error?.code, 'ERR_ENVELOPE_INVALID');
		assert.equal([error?.row.status, error?.row.wire, error?.row.fault], [500, 'FSS.1206', 'function']);
		assert.is(
			error?.message,
			"'statusCode' of APIG trigger invocation result not specified, statusCode can not be 0",
		);
	}
});

test('C-39: an envelope with a field of another type is answered with FSS.1206 and the format', () => {
	for (const rest of [
		null,
		'ok',
		[],
		{ statusCode: '200' },
		{ statusCode: 200.5 },
		{ statusCode: 100 },
		{ statusCode: 600 },
		{ statusCode: -1 },
		{ statusCode: 200, headers: [] },
		{ statusCode: 200, headers: { a: 1 } },
		{ statusCode: 200, headers: { a: [null] } },
		{ statusCode: 200, headers: { 'a b': 'x' } },
		{ statusCode: 200, headers: { a: 'x\r\ny' } },
		{ statusCode: 200, isBase64Encoded: 'false' },
	]) {
		const error = thrown(() => decodeEnvelope(rest));
		assert.is(error?.code, 'ERR_ENVELOPE_INVALID', JSON.stringify(rest));
		assert.match(
			error?.message ?? '',
			/^invalid type of APIG trigger invocation result:\[.+\], type format must be: \{/,
		);
	}
});

test.run();
