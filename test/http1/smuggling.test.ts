import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readWithCodec } from '../../scripts/fuzz-codec.ts';

/** How many requests are taken, and whether the connection is refused after them. */
function outcome(text: string): readonly [number, 'refused' | 'open'] {
	const whole = readWithCodec('request', [Buffer.from(text, 'latin1')]);
	const byteByByte = readWithCodec(
		'request',
		[...text].map((byte) => Buffer.from(byte, 'latin1')),
	);
	assert.equal(byteByByte.messages, whole.messages);
	assert.is(byteByByte.fault === null, whole.fault === null);
	return [whole.messages.length, whole.fault === null ? 'open' : 'refused'];
}
const POST = 'POST / HTTP/1.1\r\nHost: h\r\n';
const GET = 'GET /next HTTP/1.1\r\nHost: h\r\n\r\n';

const test = suite('request smuggling');

test('H-38: a request that two parsers could end at different bytes is refused before it is answered', () => {
	const attempts = {
		'CL.TE': `${POST}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG`,
		'TE.CL': `${POST}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\n${GET}0\r\n\r\n`,
		'TE.TE twice': `${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n`,
		'TE.TE listed': `${POST}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
		'TE spaced': `${POST}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
		'TE folded': `${POST}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`,
		'TE before a tab': `${POST}Transfer-Encoding: chunked\t\r\n\r\n0\r\n\r\n`,
		'TE after VT': `${POST}Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n`,
		'TE after LF': `${POST}X: a\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
		'TE after CR': `${POST}X: a\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
		'TE in HTTP/1.0': 'POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
		'CL twice': `${POST}Content-Length: 5\r\nContent-Length: 0\r\n\r\nhello`,
		'CL twice alike': `${POST}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`,
		'CL listed': `${POST}Content-Length: 5, 5\r\n\r\nhello`,
		'CL signed': `${POST}Content-Length: +5\r\n\r\nhello`,
		'CL hexadecimal': `${POST}Content-Length: 0x5\r\n\r\nhello`,
		'CL spaced': `${POST}Content-Length : 5\r\n\r\nhello`,
		'CL empty': `${POST}Content-Length:\r\n\r\n`,
		'CL too large': `${POST}Content-Length: 18446744073709551621\r\n\r\nhello`,
		'NUL in a name': `${POST}Transfer-Encoding\0: chunked\r\n\r\n0\r\n\r\n`,
		'LF alone': 'GET / HTTP/1.1\nHost: h\n\n',
		'first line blank': ` ${GET}`,
		'space in the target': 'GET / HTTP/1.1 HTTP/1.1\r\nHost: h\r\n\r\n',
	};
	for (const [name, text] of Object.entries(attempts)) assert.equal(outcome(text), [0, 'refused'], name);
});

test('H-38: a chunked body that two parsers could end at different bytes is refused', () => {
	const bodies = [
		'5 \r\nhello\r\n0\r\n\r\n',
		'0x5\r\nhello\r\n0\r\n\r\n',
		'-5\r\nhello\r\n0\r\n\r\n',
		'5\nhello\r\n0\r\n\r\n',
		'5;\nx\r\nhello\r\n0\r\n\r\n',
		'100000000000000005\r\nhello\r\n0\r\n\r\n',
		'5\r\nhelloXX0\r\n\r\n',
		'0\r\nContent-Length: 40\r\n\r\n',
		'0\n\r\n',
	];
	for (const body of bodies) {
		assert.equal(
			outcome(`${POST}Transfer-Encoding: chunked\r\n\r\n${body}${GET}`),
			[0, 'refused'],
			JSON.stringify(body),
		);
	}
});

test('H-38: what follows a whole request is the next one, and nothing follows one that closes', () => {
	assert.equal(outcome(`${POST}Content-Length: 5\r\n\r\nhello${GET}`), [2, 'open']);
	assert.equal(outcome(`${POST}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n${GET}${GET}`), [
		3,
		'open',
	]);
	assert.equal(outcome(`${POST}Connection: close\r\n\r\n${GET}`), [1, 'open']);
	assert.equal(outcome(`${POST}Content-Length: 5\r\n\r\nhelloG\0`), [1, 'open']);
});

test.run();
