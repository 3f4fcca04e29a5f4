import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HeadBuffer } from '../../src/http1/head-buffer.ts';
import { inReads, RUNS, readLengths } from './arbitraries.ts';
import { faultKind } from './fault-kind.ts';

const BYTES_MAX = 200;
const push = (heads: HeadBuffer, text: string) => heads.push(Buffer.from(text, 'latin1'), 0);

const test = suite('HeadBuffer');

test('H-23: a head in one read is there at once, and what follows it stays in the same buffer', () => {
	const heads = new HeadBuffer(BYTES_MAX);
	const read = Buffer.from('..A\r\nB: \xe4\r\n\r\nbody', 'latin1');
	assert.is(heads.push(read, 2), 'A\r\nB: \xe4\r\n');
	assert.is(heads.rest, read);
	assert.is(read.toString('latin1', heads.restFrom), 'body');
	assert.not(heads.started);
});

test('H-23: heads are the same for any split into reads, one after another', () => {
	const line = fc.stringMatching(/^[a-z]{1,8}: [!-~]{0,20}$/);
	const head = fc.array(line, { minLength: 1, maxLength: 5 }).map((lines) => `${lines.join('\r\n')}\r\n`);
	fc.assert(
		fc.property(
			fc.array(head, { minLength: 1, maxLength: 4 }),
			fc.nat(3),
			readLengths,
			(texts, emptyLines, lengths) => {
				const all = Buffer.from(
					texts.map((text) => `${'\r\n'.repeat(emptyLines)}${text}\r\n`).join(''),
					'latin1',
				);
				const heads = new HeadBuffer(BYTES_MAX);
				const found: string[] = [];
				for (const read of inReads(all, lengths)) {
					let text = heads.push(read, 0);
					while (text !== null) {
						found.push(text);
						text = heads.push(heads.rest, heads.restFrom);
					}
				}
				assert.equal(found, texts);
			},
		),
		RUNS,
	);
});

test('H-23: a head may be as long as the limit, however its end is split, and no longer', () => {
	const longest = `${'a'.repeat(BYTES_MAX)}\r\n\r\n`;
	for (let cut = 0; cut <= longest.length; cut++) {
		const heads = new HeadBuffer(BYTES_MAX);
		const first = push(heads, longest.slice(0, cut));
		assert.is(first ?? push(heads, longest.slice(cut)), longest.slice(0, -2), `cut at ${cut}`);
		const tooLong = new HeadBuffer(BYTES_MAX);
		const read = () => push(tooLong, `a${longest.slice(0, cut)}`) ?? push(tooLong, longest.slice(cut));
		assert.is(faultKind(read), 'head-too-large', `cut at ${cut}`);
	}
});

test('H-23: a head without end is refused once it is longer than the limit', () => {
	const heads = new HeadBuffer(BYTES_MAX);
	let pushed = 0;
	const read = () => {
		while (pushed < 10 * BYTES_MAX) {
			pushed++;
			push(heads, 'a');
		}
	};
	assert.is(faultKind(read), 'head-too-large');
	assert.ok(pushed <= BYTES_MAX + 4, `took ${pushed} bytes`);
});

test('H-23: a connection has started a head with its first byte, and not with empty lines', () => {
	const heads = new HeadBuffer(BYTES_MAX);
	push(heads, '\r\n');
	assert.not(heads.started);
	push(heads, 'G');
	assert.ok(heads.started);
});

test('H-24: a bare LF is refused when it comes, not when the head ends', () => {
	for (const text of ['\n', 'A\n', 'A: b\r\n\n', '\r\n\n', 'A\r\nB\nC']) {
		assert.is(
			faultKind(() => push(new HeadBuffer(BYTES_MAX), text)),
			'malformed',
			JSON.stringify(text),
		);
		const heads = new HeadBuffer(BYTES_MAX);
		const byteByByte = () => [...text].map((byte) => push(heads, byte));
		assert.is(faultKind(byteByByte), 'malformed', JSON.stringify(text));
	}
});

test('H-24: up to eight empty lines before a head are skipped, and no more', () => {
	const skipping = (count: number) => push(new HeadBuffer(BYTES_MAX), `${'\r\n'.repeat(count)}A\r\n\r\n`);
	assert.is(skipping(8), 'A\r\n');
	assert.is(
		faultKind(() => skipping(9)),
		'malformed',
	);
	const heads = new HeadBuffer(BYTES_MAX);
	const oneByOne = () => {
		for (let i = 0; i < 9; i++) push(heads, '\r\n');
	};
	assert.is(faultKind(oneByOne), 'malformed');
	const next = new HeadBuffer(BYTES_MAX);
	for (let i = 0; i < 4; i++) assert.is(push(next, `${'\r\n'.repeat(8)}A\r\n\r\n`), 'A\r\n');
});

test.run();
