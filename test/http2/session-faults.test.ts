/** What a session makes of a client that breaks the protocol, or wears it out. */
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { headersText, settingsText, windowUpdateText } from '../../src/http2/frame-text.ts';
import { CLIENT_PREFACE, FLAG, FRAME } from '../../src/http2/frame-types.ts';
import { encodeStatus } from '../../src/http2/hpack-encoder.ts';
import { integerText } from '../../src/http2/hpack-integer.ts';
import type { Http2ErrorCode } from '../../src/http2/http2-fault.ts';
import { frame, requestBlock, SessionBed } from '../harness/session-bed.ts';

const test = suite('session-faults');
const { END_HEADERS, END_STREAM, PADDED } = FLAG;
const POST = { ':method': 'POST' };
const GET_BLOCK = requestBlock();

/** By what a client sends after it said hello, and opened stream 1 with a body to come. */
const FATAL: readonly (readonly [string, string, Http2ErrorCode])[] = [
	['DATA on stream 0', frame('DATA', 0, 0, 'x'), 'PROTOCOL_ERROR'],
	['DATA on a stream that nobody opened', frame('DATA', 0, 5, 'x'), 'PROTOCOL_ERROR'],
	['more padding than payload', frame('DATA', PADDED, 1, '\x09x'), 'PROTOCOL_ERROR'],
	['a padded frame without its length', frame('DATA', PADDED, 1), 'FRAME_SIZE_ERROR'],
	['HEADERS on stream 0', headersText(0, GET_BLOCK, true), 'PROTOCOL_ERROR'],
	['HEADERS on an even stream', headersText(2, GET_BLOCK, true), 'PROTOCOL_ERROR'],
	[
		'HEADERS with more padding than payload',
		frame('HEADERS', PADDED | END_HEADERS, 3, '\x09x'),
		'PROTOCOL_ERROR',
	],
	['a block that is no block', frame('HEADERS', END_HEADERS, 3, '\xff\xff\xff\xff\xff'), 'COMPRESSION_ERROR'],
	['CONTINUATION of nothing', frame('CONTINUATION', END_HEADERS, 1, ''), 'PROTOCOL_ERROR'],
	[
		'a frame within a block',
		frame('HEADERS', 0, 3, GET_BLOCK) + frame('PING', 0, 0, '12345678'),
		'PROTOCOL_ERROR',
	],
	['DATA within a block', frame('HEADERS', 0, 3, GET_BLOCK) + frame('DATA', 0, 1, 'x'), 'PROTOCOL_ERROR'],
	['RST_STREAM on stream 0', frame('RST_STREAM', 0, 0, '\0\0\0\0'), 'PROTOCOL_ERROR'],
	['RST_STREAM of a stream that nobody opened', frame('RST_STREAM', 0, 7, '\0\0\0\0'), 'PROTOCOL_ERROR'],
	['RST_STREAM of three bytes', frame('RST_STREAM', 0, 1, '\0\0\0'), 'FRAME_SIZE_ERROR'],
	['SETTINGS on a stream', frame('SETTINGS', 0, 1), 'PROTOCOL_ERROR'],
	['part of a setting', frame('SETTINGS', 0, 0, '\0\x03\0'), 'FRAME_SIZE_ERROR'],
	[
		'an acknowledgement with settings',
		frame('SETTINGS', FLAG.ACK, 0, '\0\x03\0\0\0\x01'),
		'FRAME_SIZE_ERROR',
	],
	['ENABLE_PUSH 2', settingsText({ ENABLE_PUSH: 2 }), 'PROTOCOL_ERROR'],
	['a window beyond all windows', settingsText({ INITIAL_WINDOW_SIZE: 2 ** 31 }), 'FLOW_CONTROL_ERROR'],
	['frames too small', settingsText({ MAX_FRAME_SIZE: 16_383 }), 'PROTOCOL_ERROR'],
	['a push', frame('PUSH_PROMISE', END_HEADERS, 1, '\0\0\0\x02'), 'PROTOCOL_ERROR'],
	['PING of seven bytes', frame('PING', 0, 0, '1234567'), 'FRAME_SIZE_ERROR'],
	['PING on a stream', frame('PING', 0, 1, '12345678'), 'PROTOCOL_ERROR'],
	['GOAWAY on a stream', frame('GOAWAY', 0, 1, '\0\0\0\0\0\0\0\0'), 'PROTOCOL_ERROR'],
	['WINDOW_UPDATE by nothing', windowUpdateText(0, 0), 'PROTOCOL_ERROR'],
	['WINDOW_UPDATE of two bytes', frame('WINDOW_UPDATE', 0, 0, '\0\0'), 'FRAME_SIZE_ERROR'],
	['a window that grows too large', windowUpdateText(0, 2 ** 31 - 1), 'FLOW_CONTROL_ERROR'],
	['a frame of 16,385 bytes', frame('DATA', 0, 1, 'x'.repeat(16_385)), 'FRAME_SIZE_ERROR'],
];

/** By the same, what costs the stream alone. */
const STREAM: readonly (readonly [string, string, Http2ErrorCode])[] = [
	['WINDOW_UPDATE of a stream by nothing', windowUpdateText(1, 0), 'PROTOCOL_ERROR'],
	['a window of a stream that grows too large', windowUpdateText(1, 2 ** 31 - 1), 'FLOW_CONTROL_ERROR'],
	['trailers that end nothing', headersText(1, '', false), 'PROTOCOL_ERROR'],
	['trailers with a pseudo-header', headersText(1, GET_BLOCK, true), 'PROTOCOL_ERROR'],
	['a request without a path', headersText(3, requestBlock({ ':path': '' }), true), 'PROTOCOL_ERROR'],
];

test('G-129: what client and server may differ on afterwards ends the connection with its code', () => {
	for (const [name, text, code] of FATAL) {
		const bed = SessionBed.settled();
		const request = bed.ask(1, false, POST);
		bed.send(text);
		assert.is(bed.fault?.code, code, name);
		assert.equal(request.events, ['reset'], name);
		assert.is(bed.sent().at(-1)?.code, code, name);
		bed.send(frame('PING', 0, 0, '12345678'));
		assert.equal(bed.sent(), [], name);
	}
});

test('G-129: a connection that does not begin with the preface and SETTINGS is ended', () => {
	for (const text of ['GET / HTTP/1.1\r\n', `${CLIENT_PREFACE}${frame('PING', 0, 0, '12345678')}`]) {
		const bed = new SessionBed();
		bed.send(text);
		assert.is(bed.fault?.code, 'PROTOCOL_ERROR');
	}
});

test('G-130: what concerns one stream alone costs that stream', () => {
	for (const [name, text, code] of STREAM) {
		const bed = SessionBed.settled();
		bed.ask(1, false, POST);
		bed.send(text);
		assert.is(bed.fault, null, name);
		assert.equal(bed.codes(), [code], name);
		assert.is(bed.ask(5).text, 'GET / HTTP/1.1\r\nhost: a\r\n', name);
	}
});

test('G-130: DATA after the end is STREAM_CLOSED, and HEADERS after it end the connection', () => {
	const bed = SessionBed.settled();
	bed.ask(1);
	bed.send(frame('DATA', END_STREAM, 1, 'x'));
	assert.equal(bed.codes(), ['STREAM_CLOSED']);
	const { stream } = bed.ask(3);
	stream.headers(encodeStatus(200), true);
	bed.sent();
	bed.send(frame('DATA', 0, 3, 'x'));
	assert.equal(bed.codes(), ['STREAM_CLOSED']);
	bed.send(headersText(3, GET_BLOCK, true));
	assert.is(bed.fault?.code, 'STREAM_CLOSED');
});

test('G-130: more than a window allows is FLOW_CONTROL_ERROR', () => {
	const bed = SessionBed.settled({}, { streamWindowBytes: 40_000, streamsMax: 2 });
	bed.ask(1, false, POST).takes = false;
	for (let turn = 0; turn < 3; turn++) bed.send(frame('DATA', 0, 1, 'x'.repeat(16_384)));
	assert.is(bed.fault, null);
	assert.equal(bed.codes(), ['FLOW_CONTROL_ERROR']);
});

test('G-131: request 129 at once is refused, and so is none before', () => {
	const bed = SessionBed.settled();
	for (let at = 0; at < 128; at++) bed.ask(2 * at + 1);
	assert.equal(bed.codes(), []);
	bed.send(headersText(257, GET_BLOCK, true));
	assert.equal(bed.codes(), ['REFUSED_STREAM']);
	bed.requests[0]?.stream.headers(encodeStatus(200), true);
	bed.ask(259);
	assert.equal(bed.codes(), []);
});

test('G-131: requests whose heads are 1 MiB together are all that a connection takes, however few bytes name them', () => {
	const bed = SessionBed.settled();
	// A field of 4 KiB in the table, and then one byte for each time that it is meant.
	const field = `@\x01x${integerText(4000, 7, 0)}${'v'.repeat(4000)}`;
	bed.send(headersText(1, requestBlock() + field, true));
	const bomb = requestBlock() + '\xbe'.repeat(30);
	let at = 1;
	for (; bed.refused.length === 0 && at < 128; at++) bed.send(headersText(2 * at + 1, bomb, true));
	assert.is(bed.refused[0]?.code, 'REFUSED_STREAM');
	assert.ok(at < 12, `${at} were taken`);
	for (const { stream } of bed.requests) stream.headers(encodeStatus(200), true);
	bed.ask(999);
	assert.is(bed.fault, null);
});

test('G-132: a client that opens and resets streams is told to calm down', () => {
	const bed = SessionBed.settled();
	let at = 0;
	for (; bed.fault === null && at < 2000; at++) {
		bed.send(headersText(2 * at + 1, GET_BLOCK, true) + frame('RST_STREAM', 0, 2 * at + 1, '\0\0\0\x08'));
	}
	assert.is(bed.fault?.code, 'ENHANCE_YOUR_CALM');
	assert.ok(at > 128 && at < 1000, `${at} were taken`);
	assert.is(bed.session.streams, 0);
});

test('G-132: a client that has us reset its streams is told to calm down', () => {
	const bed = SessionBed.settled();
	let at = 0;
	for (; bed.fault === null && at < 2000; at++) {
		bed.send(headersText(2 * at + 1, GET_BLOCK, false) + windowUpdateText(2 * at + 1, 0));
	}
	assert.is(bed.fault?.code, 'ENHANCE_YOUR_CALM');
	assert.ok(at < 1000, `${at} were taken`);
});

test('G-132: a client that takes answers may reset as many streams', () => {
	const bed = SessionBed.settled();
	for (let at = 0; at < 2000; at++) {
		bed.ask(4 * at + 1).stream.headers(encodeStatus(200), true);
		bed.ask(4 * at + 3);
		bed.send(frame('RST_STREAM', 0, 4 * at + 3, '\0\0\0\x08'));
		bed.sent();
	}
	assert.is(bed.fault, null);
});

test('G-133: a field block without end is stopped, in many frames and in large ones', () => {
	for (const part of ['', 'x'.repeat(16_384)]) {
		const bed = SessionBed.settled();
		bed.send(frame('HEADERS', 0, 1, part));
		let frames = 1;
		for (; bed.fault === null && frames < 1000; frames++) bed.send(frame('CONTINUATION', 0, 1, part));
		assert.is(bed.fault?.code, 'ENHANCE_YOUR_CALM');
		assert.ok(frames <= 65, `${frames} frames were taken`);
	}
});

test('G-134: a client that sends nothing of use is told to calm down', () => {
	const floods = [
		frame('PING', 0, 0, '12345678'),
		settingsText({}),
		frame('DATA', 0, 1),
		frame('DATA', PADDED, 1, '\0'),
		windowUpdateText(0, 1),
		frame('PRIORITY', 0, 1, '\0\0\0\0\x10'),
		`\0\0\0\xee\0\0\0\0\0`,
	];
	for (const text of floods) {
		const bed = SessionBed.settled();
		bed.ask(1, false, POST);
		const many = text.repeat(500);
		for (let turn = 0; bed.fault === null && turn < 100; turn++) bed.send(many);
		assert.is(bed.fault?.code, 'ENHANCE_YOUR_CALM');
	}
});

test('G-134: a client that acknowledges every frame of a long answer is not', () => {
	const bed = SessionBed.settled();
	const { stream } = bed.ask(1);
	stream.headers(encodeStatus(200), false);
	for (let turn = 0; turn < 8000; turn++) {
		stream.write(Buffer.alloc(100));
		for (const { type } of bed.sent()) {
			if (type === 'DATA') bed.send(windowUpdateText(0, 100) + windowUpdateText(1, 100));
		}
	}
	assert.is(bed.fault, null);
});

test('G-135: random frames are answered with frames, or end the connection with a code', () => {
	const anyFrame = fc
		.record({
			type: fc.constantFrom(...(Object.keys(FRAME) as (keyof typeof FRAME)[])),
			flags: fc.constantFrom(0, 1, 4, 5, 8, 0x20, 0x25, 0xff),
			streamId: fc.integer({ min: 0, max: 9 }),
			payload: fc.oneof(
				fc.constantFrom('', GET_BLOCK, requestBlock(POST), '\0\0\0\x08', '12345678', '\0\x04\0\0\0\x10'),
				fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
			),
		})
		.map(({ type, flags, streamId, payload }) => frame(type, flags, streamId, payload));
	fc.assert(
		fc.property(fc.array(anyFrame, { maxLength: 40 }), (frames) => {
			const bed = SessionBed.settled();
			for (const text of frames) {
				bed.send(text);
				for (const { stream } of bed.requests) {
					if (!stream.responseOpen) continue;
					stream.headers(encodeStatus(200), false);
					stream.write(Buffer.from('answer'));
					stream.end();
				}
				bed.sent();
			}
			assert.ok(bed.fault !== null || bed.session.streams <= 10);
			bed.session.close();
			assert.is(bed.session.streams, 0);
		}),
		{ numRuns: 1000 },
	);
});

test.run();
