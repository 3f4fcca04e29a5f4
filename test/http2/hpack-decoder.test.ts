import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HpackDecoder } from '../../src/http2/hpack-decoder.ts';
import { integerText } from '../../src/http2/hpack-integer.ts';
import { Http2Fault } from '../../src/http2/http2-fault.ts';

const test = suite('hpack-decoder');
const ROOM = 1 << 20;

function decode(decoder: HpackDecoder, hex: string): string[] {
	const { pairs } = decoder.decode(Buffer.from(hex.replaceAll(' ', ''), 'hex'), ROOM);
	return pairs.flatMap((_, at) => (at % 2 === 0 ? [`${pairs[at]}: ${pairs[at + 1]}`] : []));
}

function refused(hex: string, decoder = new HpackDecoder(4096)): void {
	try {
		decode(decoder, hex);
	} catch (error) {
		assert.instance(error, Http2Fault);
		assert.is((error as Http2Fault).code, 'COMPRESSION_ERROR');
		assert.is((error as Http2Fault).streamId, 0);
		return;
	}
	assert.unreachable(`${hex} was read`);
}

const GET = [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'];
const REQUESTS = [GET, [...GET, 'cache-control: no-cache']];
const INDEX_GET = [
	':method: GET',
	':scheme: https',
	':path: /index.html',
	':authority: www.example.com',
	'custom-key: custom-value',
];
const RESPONSES = [
	[
		':status: 302',
		'cache-control: private',
		'date: Mon, 21 Oct 2013 20:13:21 GMT',
		'location: https://www.example.com',
	],
	[
		':status: 307',
		'cache-control: private',
		'date: Mon, 21 Oct 2013 20:13:21 GMT',
		'location: https://www.example.com',
	],
	[
		':status: 200',
		'cache-control: private',
		'date: Mon, 21 Oct 2013 20:13:22 GMT',
		'location: https://www.example.com',
		'content-encoding: gzip',
		'set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1',
	],
];

test('G-110: the examples of RFC 7541 appendix C.2 are read, each kind of field once', () => {
	const literal = '400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572';
	assert.equal(decode(new HpackDecoder(4096), literal), ['custom-key: custom-header']);
	const unindexed = '040c 2f73 616d 706c 652f 7061 7468';
	assert.equal(decode(new HpackDecoder(4096), unindexed), [':path: /sample/path']);
	const never = '1008 7061 7373 776f 7264 0673 6563 7265 74';
	assert.equal(decode(new HpackDecoder(4096), never), ['password: secret']);
	assert.equal(decode(new HpackDecoder(4096), '82'), [':method: GET']);
});

test('G-110: the requests of RFC 7541 appendix C.3 and C.4 are read, plain and Huffman-coded', () => {
	const plain = new HpackDecoder(4096);
	assert.equal(decode(plain, '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d'), REQUESTS[0]);
	assert.equal(decode(plain, '8286 84be 5808 6e6f 2d63 6163 6865'), REQUESTS[1]);
	const third = '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65';
	assert.equal(decode(plain, third), INDEX_GET);
	const coded = new HpackDecoder(4096);
	assert.equal(decode(coded, '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff'), REQUESTS[0]);
	assert.equal(decode(coded, '8286 84be 5886 a8eb 1064 9cbf'), REQUESTS[1]);
	assert.equal(decode(coded, '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf'), INDEX_GET);
});

test('G-110: the responses of RFC 7541 appendix C.5 and C.6 are read, where a small table drops its oldest fields', () => {
	const plain = new HpackDecoder(256);
	const first =
		'4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d 546e ' +
		'1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d';
	const third =
		'88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738 666f 6f3d ' +
		'4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 ' +
		'7369 6f6e 3d31';
	assert.equal(decode(plain, first), RESPONSES[0]);
	assert.equal(decode(plain, '4803 3330 37c1 c0bf'), RESPONSES[1]);
	assert.equal(decode(plain, third), RESPONSES[2]);
	const coded = new HpackDecoder(256);
	const codedFirst =
		'4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b ' +
		'97c8 e9ae 82ae 43d3';
	const codedThird =
		'88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf ' +
		'cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07';
	assert.equal(decode(coded, codedFirst), RESPONSES[0]);
	assert.equal(decode(coded, '4883 640e ffc1 c0bf'), RESPONSES[1]);
	assert.equal(decode(coded, codedThird), RESPONSES[2]);
});

test('G-111: what breaks HPACK is a COMPRESSION_ERROR of the connection', () => {
	// Index 0, an index beyond the table, integers without an end or too large.
	for (const hex of ['80', 'be', 'ff', '7f', 'ff ff ff ff ff ff 7f', '40']) refused(hex);
	// Texts that are longer than the block, and a name without a value.
	for (const hex of ['40 0a 61', '40 01 61', '00 01 61 05 62']) refused(hex);
	// A table larger than was offered, and one that changes after a field.
	for (const hex of ['3f e2 1f', '82 20']) refused(hex);
	// Huffman: the sign for the end, a padding of eight bits, one of zeros.
	for (const hex of ['00 84 ff ff ff ff 01 61', '00 82 1f ff 01 61', '00 81 18 01 61']) refused(hex);
});

test('G-111: a table that is emptied forgets, and a smaller one keeps the newest', () => {
	const decoder = new HpackDecoder(4096);
	decode(decoder, '40 01 61 01 62');
	assert.equal(decode(decoder, 'be'), ['a: b']);
	assert.equal(decode(decoder, '20'), []);
	refused('be', decoder);
});

test('G-112: a block that refers to large fields again and again is read at once and dropped beyond the limit', () => {
	const decoder = new HpackDecoder(4096);
	const field = `@\x01a${integerText(4000, 7, 0)}${'x'.repeat(4000)}`;
	decoder.decode(Buffer.from(field, 'latin1'), ROOM);
	const bomb = Buffer.alloc(100_000, 0xbe);
	const { pairs, tooLarge } = decoder.decode(bomb, 65_536);
	assert.ok(tooLarge);
	assert.ok(pairs.length <= 2 * 17);
});

test('G-113: random bytes are read as fields or refused, and nothing else happens', () => {
	fc.assert(
		fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 4 }), (blocks) => {
			const decoder = new HpackDecoder(4096);
			try {
				for (const block of blocks) decoder.decode(Buffer.from(block), ROOM);
			} catch (error) {
				assert.instance(error, Http2Fault);
			}
		}),
		{ numRuns: 2000 },
	);
});

test.run();
