/** What a session makes of frames, as far as both sides keep to the protocol. */
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { headersText, settingsText, windowUpdateText } from '../../src/http2/frame-text.ts';
import { CLIENT_PREFACE, FLAG } from '../../src/http2/frame-types.ts';
import { encodeField, encodeStatus } from '../../src/http2/hpack-encoder.ts';
import { frame, requestBlock, SessionBed } from '../harness/session-bed.ts';

const test = suite('server-session');
const { END_HEADERS, END_STREAM, PADDED, PRIORITY } = FLAG;

/** A conversation with every kind of frame that a client may send. */
const CONVERSATION =
	CLIENT_PREFACE +
	settingsText({ ENABLE_PUSH: 0 }) +
	frame('HEADERS', PRIORITY | PADDED, 1, `\x03\0\0\0\0\x10${requestBlock({ ':method': 'POST' })}\0\0\0`) +
	frame('CONTINUATION', END_HEADERS, 1, encodeField('x-more', 'y')) +
	frame('DATA', 0, 1, 'one') +
	frame('PING', 0, 0, '12345678') +
	frame('DATA', PADDED, 1, '\x02two\0\0') +
	frame('DATA', PADDED, 1, '\0') +
	frame('PRIORITY', 0, 3, '\0\0\0\0\x10') +
	headersText(3, requestBlock({ ':path': '/3' }), true) +
	windowUpdateText(0, 10) +
	windowUpdateText(1, 10) +
	frame('HEADERS', END_HEADERS | END_STREAM, 1, encodeField('x-trailer', 'z')) +
	frame('GOAWAY', 0, 0, '\0\0\0\0\0\0\0\0bye') +
	`\0\0\x01\xaa\0\0\0\0\0?`;

test('G-115: frames mean the same however the bytes are cut', () => {
	fc.assert(
		fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 }), (sizes) => {
			const bed = new SessionBed();
			let at = 0;
			for (let turn = 0; at < CONVERSATION.length; turn++) {
				const size = sizes[turn % sizes.length] ?? 1;
				bed.send(CONVERSATION.slice(at, at + size));
				at += size;
			}
			assert.is(bed.fault, null);
			const [first, second] = bed.requests;
			assert.is(first?.text, 'POST / HTTP/1.1\r\nhost: a\r\nx-more: y\r\n');
			assert.is(first?.body, 'onetwo');
			assert.equal(first?.events, ['end']);
			assert.is(second?.text, 'GET /3 HTTP/1.1\r\nhost: a\r\n');
			const kinds = bed.sent().map(({ type }) => type);
			assert.equal(kinds, ['SETTINGS', 'WINDOW_UPDATE', 'SETTINGS', 'PING']);
		}),
		{ numRuns: 100 },
	);
});

test('G-115: a head of any size is written in frames of 16 KiB, and its body after it', () => {
	const bed = SessionBed.settled();
	const { stream } = bed.ask(1);
	const value = 'v'.repeat(40_000);
	stream.headers(encodeStatus(200) + encodeField('x-large', value), false);
	stream.write(Buffer.from('body'));
	stream.end();
	const sent = bed.sent();
	assert.equal(
		sent.map(({ type }) => type),
		['HEADERS', 'CONTINUATION', 'CONTINUATION', 'DATA'],
	);
	const [head, ...rest] = sent;
	assert.ok(head !== undefined);
	const block = Buffer.concat([head.payload, ...rest.slice(0, 2).map(({ payload }) => payload)]);
	assert.equal(bed.fieldsOf({ ...head, payload: block }), [':status', '200', 'x-large', value]);
	assert.is(sent[3]?.flags, END_STREAM);
	assert.is(bed.session.streams, 0);
});

test('G-116: no more of a body leaves than the windows of stream and connection allow', () => {
	const bed = SessionBed.settled({ INITIAL_WINDOW_SIZE: 10 });
	const { stream, events } = bed.ask(1);
	stream.headers(encodeStatus(200), false);
	stream.write(Buffer.alloc(100_000, 'x'));
	stream.end();
	assert.is(bytesOf(bed), 10);
	bed.send(windowUpdateText(1, 5));
	assert.is(bytesOf(bed), 5);
	// A smaller window counts for what was sent before too.
	bed.send(settingsText({ INITIAL_WINDOW_SIZE: 0 }));
	bed.send(windowUpdateText(1, 10));
	assert.is(bytesOf(bed), 0);
	bed.send(windowUpdateText(1, 200_000));
	assert.is(bytesOf(bed), 65_535 - 15);
	bed.send(windowUpdateText(0, 1 << 20));
	assert.is(bytesOf(bed), 100_000 - 65_535);
	assert.equal(events, ['end', 'drain', 'sent']);
});

test('G-116: a writer is told to wait at 64 KiB, and to go on when its bytes have left', () => {
	const bed = SessionBed.settled();
	const { stream, events } = bed.ask(1);
	stream.headers(encodeStatus(200), false);
	assert.ok(stream.write(Buffer.alloc(60_000)));
	assert.not(stream.write(Buffer.alloc(60_000)));
	assert.is(bytesOf(bed), 65_535);
	assert.equal(events, ['end']);
	bed.send(windowUpdateText(1, 1 << 20) + windowUpdateText(0, 1 << 20));
	assert.is(bytesOf(bed), 120_000 - 65_535);
	assert.equal(events, ['end', 'drain']);
});

test('G-117: a client may send more only as its bytes are taken', () => {
	const bed = SessionBed.settled({}, { streamWindowBytes: 65_536, streamsMax: 2 });
	const request = bed.ask(1, false, { ':method': 'POST' });
	request.takes = false;
	for (let sent = 0; sent < 65_536; sent += 16_384) bed.send(frame('DATA', 0, 1, 'x'.repeat(16_384)));
	assert.equal(bed.sent(), []);
	request.stream.done(32_768);
	const given = () => bed.sent().map(({ streamId, payload }) => [streamId, payload.readUInt32BE(0)]);
	const step = [
		[0, 32_768],
		[1, 32_768],
	];
	assert.equal(given(), step);
	request.stream.done(16_384);
	assert.equal(given(), []);
	request.stream.done(16_384);
	assert.equal(given(), step);
	assert.is(bed.fault, null);
});

test('G-117: streams that nobody reads leave the others their whole windows', () => {
	const limits = { streamWindowBytes: 65_536, streamsMax: 10 };
	const bed = SessionBed.settled({}, limits);
	const part = 'x'.repeat(16_384);
	for (let at = 0; at < 9; at++) {
		bed.ask(2 * at + 1, false, { ':method': 'POST' }).takes = false;
		bed.send(frame('DATA', 0, 2 * at + 1, part).repeat(4));
	}
	const request = bed.ask(99, false, { ':method': 'POST' });
	// As a client counts: what it may send on the connection, and on this stream.
	let [connection, stream] = [655_360 - 9 * 65_536, 65_536];
	while (request.body.length < 1 << 20) {
		assert.ok(connection >= 16_384 && stream >= 16_384, `${request.body.length} bytes were taken`);
		bed.send(frame('DATA', 0, 99, part));
		[connection, stream] = [connection - 16_384, stream - 16_384];
		for (const { streamId, payload } of bed.sent()) {
			if (streamId === 0) connection += payload.readUInt32BE(0);
			else stream += payload.readUInt32BE(0);
		}
	}
	assert.is(bed.fault, null);
});

test('G-117: what a closed stream did not take is given back to the connection', () => {
	const bed = SessionBed.settled({}, { streamWindowBytes: 65_536, streamsMax: 1 });
	for (const id of [1, 3, 5, 7]) {
		const request = bed.ask(id, false, { ':method': 'POST' });
		request.takes = false;
		for (let sent = 0; sent < 65_536; sent += 16_384) bed.send(frame('DATA', 0, id, 'x'.repeat(16_384)));
		bed.send(frame('RST_STREAM', 0, id, '\0\0\0\x08'));
		assert.equal(request.events, ['reset']);
		request.stream.done(65_536);
	}
	assert.is(bed.fault, null);
	assert.is(bed.session.streams, 0);
});

test('G-118: streams take turns, a frame each', () => {
	const bed = SessionBed.settled({ INITIAL_WINDOW_SIZE: 1 << 20 });
	bed.send(windowUpdateText(0, 1 << 20));
	const large = bed.ask(1).stream;
	const small = bed.ask(3).stream;
	for (const stream of [large, small]) stream.headers(encodeStatus(200), false);
	large.write(Buffer.alloc(50_000));
	small.write(Buffer.alloc(10));
	small.end();
	large.end();
	const data = bed.sent().filter(({ type }) => type === 'DATA');
	assert.equal(
		data.map(({ streamId, payload }) => [streamId, payload.length]),
		[
			[1, 16_384],
			[3, 10],
			[1, 16_384],
			[1, 16_384],
			[1, 848],
		],
	);
});

test('G-118: a full output keeps what is left, and goes on with it', () => {
	const bed = SessionBed.settled({ INITIAL_WINDOW_SIZE: 1 << 20 });
	const { stream } = bed.ask(1);
	stream.headers(encodeStatus(200), false);
	stream.write(Buffer.alloc(40_000));
	stream.end();
	bed.room = 2;
	assert.equal(
		bed.sent().map(({ type }) => type),
		['HEADERS', 'DATA'],
	);
	bed.room = Number.POSITIVE_INFINITY;
	assert.is(bytesOf(bed), 40_000 - 16_384);
});

test('G-119: an answer that is whole before its request tells the client to stop, and what still comes is dropped', () => {
	const bed = SessionBed.settled();
	const { stream, events } = bed.ask(1, false, { ':method': 'POST' });
	stream.headers(encodeStatus(200), true);
	assert.equal(bed.codes(), ['NO_ERROR']);
	assert.equal(events, ['sent']);
	bed.send(frame('DATA', END_STREAM, 1, 'late'));
	assert.is(bed.fault, null);
	assert.equal(bed.sent(), []);
});

test('G-119: a session that leaves says so, refuses what comes after, and answers what came before', () => {
	const bed = SessionBed.settled();
	const { stream } = bed.ask(1);
	bed.session.leave();
	assert.equal(bed.codes(), ['NO_ERROR']);
	bed.send(headersText(3, requestBlock(), true));
	assert.equal(bed.codes(), ['REFUSED_STREAM']);
	stream.headers(encodeStatus(200), true);
	assert.equal(
		bed.sent().map(({ type }) => type),
		['HEADERS'],
	);
	assert.is(bed.fault, null);
});

function bytesOf(bed: SessionBed): number {
	return bed
		.sent()
		.filter(({ type }) => type === 'DATA')
		.reduce((sum, { payload }) => sum + payload.length, 0);
}

test.run();
