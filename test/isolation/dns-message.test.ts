import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
	addressAnswer,
	readAnswer,
	readQuery,
	refusedAnswer,
	serverFailure,
} from '../../src/isolation/dns-message.ts';
import { A, AAAA, answerTo, asQuestion, CNAME, four, nameBytes, query, TRUNCATED, words } from './dns-bed.ts';

const test = suite('dns message');

/** Numbers that look random and are the same in each run. */
function random(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return Math.floor((state / 2 ** 32) * below);
	};
}

test('N-11: a query is one question, and its name is compared in lower case', () => {
	const question = readQuery(query('WWW.Example.com', AAAA));
	assert.equal(question, { id: 0x1234, name: 'www.example.com', type: AAAA, class: 1, end: 33 });
	assert.is(readQuery(query(''))?.name, '');
	const withOptions = Buffer.concat([query('a.b'), Buffer.from([0, 0, 41, 4, 0xd0, 0, 0, 0, 0, 0, 0])]);
	withOptions.writeUInt16BE(1, 10);
	assert.is(readQuery(withOptions)?.name, 'a.b');
});

test('N-11: a byte that is none of a host name can not make a name look like another', () => {
	const label = Buffer.from('evil.example', 'latin1');
	const bytes = Buffer.concat([
		words(1, 0x0100, 1, 0, 0, 0),
		Buffer.from([label.length]),
		label,
		nameBytes('com'),
		words(1, 1),
	]);
	assert.is(readQuery(bytes)?.name, 'evil\\046example.com');
	assert.is(readQuery(query('a\\b.c\0d.\xff'))?.name, 'a\\092b.c\\000d.\\255');
});

test('N-11: what is no single standard question is dropped', () => {
	const changed = (at: number, value: number) => {
		const bytes = query('www.example.com');
		bytes.writeUInt16BE(value, at);
		return bytes;
	};
	const malformed = {
		empty: Buffer.alloc(0),
		header: query('a').subarray(0, 12),
		short: query('a').subarray(0, -1),
		response: changed(2, 0x8100),
		opcode: changed(2, 0x2900),
		'no question': changed(4, 0),
		'two questions': changed(4, 2),
		answers: changed(6, 1),
		authorities: changed(8, 1),
		pointer: changed(12, 0xc00c),
		'long label': changed(12, 0x4000),
		'long name': query(Array<string>(128).fill('a').join('.')),
		huge: Buffer.concat([query('a'), Buffer.alloc(65_536)]),
	};
	for (const [what, bytes] of Object.entries(malformed)) assert.is(readQuery(bytes), null, what);
	assert.ok(readQuery(query(Array<string>(127).fill('a').join('.'))));
});

test('N-12: the addresses of an answer count, behind whatever aliases', () => {
	const asked = query('www.example.com');
	const bytes = answerTo(asked, [
		{ type: CNAME, data: nameBytes('x.cdn.example'), ttl: 30 },
		four('203.0.113.1'),
		{ type: AAAA, data: Buffer.from('20010db8000000000000000000000001', 'hex') },
		{ type: A, data: Buffer.alloc(3) },
		{ type: A, data: Buffer.from([10, 0, 0, 1]), class: 3, ttl: 1 },
		{ type: 16, data: Buffer.from([10, 0, 0, 2]) },
	]);
	assert.equal(readAnswer(bytes, asQuestion(asked)), {
		code: 0,
		addresses: ['203.0.113.1', '2001:0db8:0000:0000:0000:0000:0000:0001'],
		ttlSeconds: 30,
	});
});

test('N-12: an answer to another question, or with another id, is none', () => {
	const asked = asQuestion(query('www.example.com'));
	const answers = [
		answerTo(query('www.example.org'), []),
		answerTo(query('www.example.com', AAAA), []),
		answerTo(query('www.example.com', A, 0x1235), []),
		query('www.example.com'),
		Buffer.alloc(11),
	];
	for (const bytes of answers) assert.is(readAnswer(bytes, asked), null);
	assert.ok(readAnswer(answerTo(query('wWw.eXample.com'), []), asked));
});

test('N-12: of a truncated answer the records count that are whole', () => {
	const asked = query('www.example.com');
	const bytes = answerTo(asked, [four('203.0.113.1'), four('203.0.113.2')], TRUNCATED);
	for (let cut = 1; cut <= 16; cut += 1) {
		const addresses = readAnswer(bytes.subarray(0, -cut), asQuestion(asked))?.addresses;
		assert.equal(addresses, ['203.0.113.1']);
	}
});

test('N-13: answers of our own repeat the question and nothing else of the query', () => {
	const asked = Buffer.concat([query('Www.example.com'), Buffer.from([0, 0, 41, 4, 0xd0, 0, 0, 0, 0, 0, 0])]);
	asked.writeUInt16BE(1, 10);
	const question = asQuestion(asked);
	const bare = query('Www.example.com').subarray(12);
	const cases = [
		[refusedAnswer(asked, question), 0x8185],
		[serverFailure(asked, question), 0x8182],
	] as const;
	for (const [answer, flags] of cases) {
		assert.equal(answer, Buffer.concat([words(0x1234, flags, 1, 0, 0, 0), bare]));
	}
});

test('N-13: an address of our own holds for 60 s, and questions of another type get no record', () => {
	const asked = query('host.httpfn.internal');
	const question = asQuestion(asked);
	const told = readAnswer(addressAnswer(asked, question, [192, 0, 2, 1]), question);
	assert.equal(told, { code: 0, addresses: ['192.0.2.1'], ttlSeconds: 60 });
	const six = query('host.httpfn.internal', AAAA);
	const none = readAnswer(addressAnswer(six, asQuestion(six), [192, 0, 2, 1]), asQuestion(six));
	assert.equal([none?.code, none?.addresses], [0, []]);
});

test('N-14: no bytes make the reader throw, or read on for ever', () => {
	const next = random(20_260_101);
	const asked = query('www.example.com');
	const question = asQuestion(asked);
	const whole = answerTo(asked, [{ type: CNAME, data: nameBytes('x.example') }, four('203.0.113.1')]);
	for (let round = 0; round < 20_000; round += 1) {
		const bytes = Buffer.from(round % 2 === 0 ? whole : asked);
		// Behind the id and the question half of the time, so that the records are reached.
		const from = round % 4 === 0 ? question.end : 0;
		for (let changes = next(6); changes >= 0; changes -= 1) {
			const at = from + next(Math.max(1, bytes.length - from));
			if (at < bytes.length) bytes[at] = [0, 0xc0, 0xff, 63, next(256)][next(5)] ?? 0;
		}
		if (round % 4 === 0) bytes.writeUInt16BE(next(0x10000), 6);
		const cut = bytes.subarray(0, next(3) === 0 ? next(bytes.length + 1) : bytes.length);
		const told = readAnswer(cut, question);
		assert.ok(told === null || told.addresses.length <= cut.length / 14);
		const read = readQuery(cut);
		if (read === null) continue;
		assert.ok(read.end <= cut.length);
		assert.is(refusedAnswer(cut, read).length, read.end);
	}
});

test('N-14: 65,535 records that are said to be there cost no more than the bytes that are', () => {
	const asked = query('a');
	const bytes = Buffer.concat([answerTo(asked, []), Buffer.alloc(65_000, 0xc0)]);
	bytes.writeUInt16BE(0xffff, 6);
	assert.equal(readAnswer(bytes, asQuestion(asked))?.addresses, []);
	// Names that consist of one pointer to themselves.
	const loops = answerTo(
		asked,
		Array.from({ length: 2_000 }, () => four('10.0.0.1')),
	);
	assert.is(readAnswer(loops, asQuestion(asked))?.addresses.length, 2_000);
});

test.run();
