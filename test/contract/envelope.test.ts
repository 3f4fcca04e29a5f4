import { Buffer } from 'node:buffer';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeEnvelope } from '../../src/contract/decode-envelope.ts';
import { ENVELOPE_TAIL, envelopeBytes, envelopeHead, envelopeOverrun } from '../../src/contract/envelope.ts';

const test = suite('envelope');

test('C-34: an envelope holds status, header lists under canonical names, the Base64 flag and the body', () => {
	const head = envelopeHead(200, [
		['content-type', 'text/plain'],
		['SET-COOKIE', 'a=1'],
		['x-a', ''],
		['Set-Cookie', 'b="2"'],
		['etag', 'x'],
	]);
	assert.is(
		head,
		'{"statusCode":200,"headers":{"Content-Type":["text/plain"],"Set-Cookie":["a=1","b=\\"2\\""],"X-A":[""],"Etag":["x"]},"isBase64Encoded":true,"body":"',
	);
	assert.is(JSON.parse(`${head}QUJD${ENVELOPE_TAIL}`).body, 'QUJD');
	assert.equal(JSON.parse(envelopeHead(204, []) + ENVELOPE_TAIL), {
		statusCode: 204,
		headers: {},
		isBase64Encoded: true,
		body: '',
	});
});

test('C-35: header bytes that are UTF-8 become that text in JSON, others keep their Latin-1 characters', () => {
	const utf8 = Buffer.from('你好', 'utf8').toString('latin1');
	const head = JSON.parse(
		envelopeHead(200, [
			['a', utf8],
			['b', 'caf\xe9'],
		]) + ENVELOPE_TAIL,
	);
	assert.equal(head.headers, { A: ['你好'], B: ['café'] });
	assert.ok(envelopeHead(200, [['a', '\xef\xbb\xbfx']]).includes('"\ufeffx"'));
});

test('C-35: the header text of an envelope goes back to the wire as UTF-8', () => {
	const utf8 = Buffer.from('你好', 'utf8').toString('latin1');
	assert.equal(decodeEnvelope({ statusCode: 200, headers: { a: '你好' } }).fields, [['a', utf8]]);
});

test('C-36: the size of an envelope is known exactly before its body is written', () => {
	for (let rawBytes = 0; rawBytes < 10; rawBytes++) {
		const head = envelopeHead(200, [['a', 'é']]);
		const whole = head + Buffer.alloc(rawBytes).toString('base64') + ENVELOPE_TAIL;
		assert.is(envelopeBytes(rawBytes, Buffer.byteLength(head)), Buffer.byteLength(whole));
	}
});

test('C-36: an envelope may have 6 MiB and 100 bytes; one byte more is an overrun', () => {
	const limit = 6 * 1024 * 1024 + 100;
	const rawBytes = 3 * 1024 * 1024;
	const headBytes = limit - 4 * 1024 * 1024 - 2;
	assert.is(envelopeOverrun(rawBytes, headBytes), null);
	assert.equal(envelopeOverrun(rawBytes, headBytes + 1), { rawBytes, encodedBytes: limit + 1, overBytes: 1 });
});

test.run();
