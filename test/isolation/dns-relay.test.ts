import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { monotonicMs } from '../../src/base/clock.ts';
import type { EgressSettings } from '../../src/contract/sandbox-settings.ts';
import { readAnswer } from '../../src/isolation/dns-message.ts';
import { DnsRelay } from '../../src/isolation/dns-relay.ts';
import { EgressPolicy } from '../../src/isolation/egress-policy.ts';
import { EgressRefusals } from '../../src/isolation/egress-refusals.ts';
import { HostResolvers } from '../../src/isolation/host-resolvers.ts';
import { RecordingLog } from '../harness/recording-log.ts';
import { AAAA, answerTo, asQuestion, FakeNameServer, four, query, TRUNCATED, words } from './dns-bed.ts';

interface Context {
	one: FakeNameServer;
	two: FakeNameServer;
	log: RecordingLog;
	refusals: EgressRefusals;
}

const test = suite<Context>('dns relay');

/** Long enough for loopback; short, since a test waits for it. */
const PATIENCE = { retryMs: 100, timeoutMs: 1_000 };
const OPEN: EgressSettings = { mode: 'open', allow: [], publicSource: null, disablePublicNetwork: false };
const SERVER_FAILURE = 2;
const REFUSED = 5;

const policyOf = (given: Partial<EgressSettings> = {}) => new EgressPolicy({ ...OPEN, ...given });
const relayTo = (...servers: readonly { readonly address: string; readonly port: number }[]) =>
	new DnsRelay({ resolvers: () => servers, patience: PATIENCE });
const codeOf = (answer: Buffer | null) => (answer === null ? null : answer.readUInt16BE(2) & 0xf);

test.before.each(async (context) => {
	const reply = (asked: Buffer) => answerTo(asked, [four('203.0.113.1')]);
	context.one = new FakeNameServer(reply);
	context.two = new FakeNameServer(reply);
	context.log = new RecordingLog();
	context.refusals = new EgressRefusals(context.log);
	await Promise.all([context.one.open(), context.two.open()]);
});

test.after.each(async ({ one, two }) => {
	await Promise.all([one.close(), two.close()]);
});

for (const transport of ['udp', 'tcp'] as const) {
	test(`N-15: by ${transport}, question and answer pass unchanged but for the id`, async ({
		one,
		log,
		refusals,
	}) => {
		const asked = Buffer.concat([
			query('Www.Example.com', 99),
			Buffer.from([0, 0, 41, 4, 0xd0, 0, 0, 0, 0, 0, 0]),
		]);
		asked.writeUInt16BE(1, 10);
		const odd = Buffer.from(
			[...'what a server says that nobody understands'].map((sign) => sign.charCodeAt(0)),
		);
		one.reply = (bytes) => Buffer.concat([answerTo(bytes.subarray(0, asQuestion(bytes).end), []), odd]);
		const answer = await relayTo(one.address).answer(asked, policyOf(), transport, refusals);
		const [seen] = one.asked;
		assert.is(seen?.transport, transport);
		assert.equal(seen?.bytes.subarray(2), asked.subarray(2));
		assert.equal(answer, Buffer.concat([answerTo(asked.subarray(0, asQuestion(asked).end), []), odd]));
		assert.is(log.records.length, 0);
	});
}

test('N-15: each question goes out with another id', async ({ one, refusals }) => {
	const relay = relayTo(one.address);
	const policy = policyOf();
	await Promise.all(
		Array.from({ length: 20 }, () => relay.answer(query('www.example.com'), policy, 'udp', refusals)),
	);
	assert.ok(new Set(one.asked.map(({ bytes }) => bytes.readUInt16BE(0))).size > 15);
});

test('N-15: what is no question is dropped', async ({ one, refusals }) => {
	const relay = relayTo(one.address);
	for (const bytes of [Buffer.alloc(0), Buffer.alloc(12), answerTo(query('a'), [])]) {
		assert.is(await relay.answer(bytes, policyOf(), 'udp', refusals), null);
	}
	assert.is(one.asked.length, 0);
});

test('N-15: a truncated answer passes, so that the function asks by TCP', async ({ one, refusals }) => {
	one.reply = (bytes, transport) =>
		transport === 'udp' ? answerTo(bytes, [], TRUNCATED) : answerTo(bytes, [four('203.0.113.1')]);
	const relay = relayTo(one.address);
	const asked = query('www.example.com');
	const short = await relay.answer(asked, policyOf(), 'udp', refusals);
	assert.ok(((short?.readUInt16BE(2) ?? 0) & TRUNCATED) !== 0);
	const long = await relay.answer(asked, policyOf(), 'tcp', refusals);
	assert.equal(readAnswer(long ?? Buffer.alloc(0), asQuestion(asked))?.addresses, ['203.0.113.1']);
});

test('N-16: a name that is not allowed is refused without being asked for, and logged', async ({
	one,
	log,
	refusals,
}) => {
	const relay = relayTo(one.address);
	const listed = policyOf({ mode: 'allow', allow: ['www.example.com'] });
	const cases = [
		[listed, 'secret.evil.example', 'not-listed'],
		[policyOf({ mode: 'none' }), 'www.example.com', 'mode-none'],
		[policyOf(), 'host.httpfn.internal', 'loopback'],
	] as const;
	for (const [policy, name, reason] of cases) {
		assert.is(codeOf(await relay.answer(query(name), policy, 'udp', refusals)), REFUSED);
		const record = log.records.at(-1);
		assert.equal([record?.level, record?.fields], ['warn', { name, reason }]);
	}
	assert.is(one.asked.length, 0);
});

test('N-16: a flood of refused names gets ten lines a second', async ({ one, log, refusals }) => {
	const relay = relayTo(one.address);
	const policy = policyOf({ mode: 'none' });
	for (let index = 0; index < 500; index += 1)
		await relay.answer(query(`n${index}.a`), policy, 'udp', refusals);
	assert.ok(log.records.length >= 10 && log.records.length < 100, String(log.records.length));
});

test('N-75: what a last flood left out is counted when the instance ends', async ({ one, log, refusals }) => {
	const relay = relayTo(one.address);
	const policy = policyOf({ mode: 'none' });
	for (let index = 0; index < 500; index += 1)
		await relay.answer(query(`n${index}.a`), policy, 'udp', refusals);
	refusals.close();
	const lines = log.records.filter(({ fields }) => 'name' in fields).length;
	const untold = log.records.reduce((sum, { fields }) => sum + Number(fields.untold ?? 0), 0);
	assert.is(lines + untold, 500);
});

test('N-8: host.httpfn.internal is answered here', async ({ one, log, refusals }) => {
	const relay = relayTo(one.address);
	const policy = policyOf({ allow: ['127.0.0.1:5432'] });
	const asked = query('Host.httpfn.internal');
	const four = await relay.answer(asked, policy, 'udp', refusals);
	assert.equal(readAnswer(four ?? Buffer.alloc(0), asQuestion(asked))?.addresses, ['192.0.2.1']);
	const six = query('host.httpfn.internal', AAAA);
	const none = await relay.answer(six, policy, 'tcp', refusals);
	assert.equal([codeOf(none), readAnswer(none ?? Buffer.alloc(0), asQuestion(six))?.addresses], [0, []]);
	assert.equal([one.asked.length, log.records.length], [0, 0]);
});

test('N-6: the addresses of an answer are allowed by the time it is there', async ({ one, refusals }) => {
	const policy = policyOf({ mode: 'allow', allow: ['www.example.com:443'] });
	const ruling = (port: number) => policy.judge('203.0.113.1', port, monotonicMs()).allowed;
	assert.is(ruling(443), false);
	await relayTo(one.address).answer(query('www.example.com'), policy, 'udp', refusals);
	assert.equal([ruling(443), ruling(80)], [true, false]);
});

test('N-17: a server that says nothing is not waited for: the next is asked too', async ({
	one,
	two,
	refusals,
}) => {
	one.reply = () => null;
	const answer = await relayTo(one.address, two.address).answer(query('a.b'), policyOf(), 'udp', refusals);
	assert.equal([codeOf(answer), one.asked.length, two.asked.length], [0, 1, 1]);
});

test('N-17: a lone server is asked again, for a datagram may get lost', async ({ one, refusals }) => {
	one.reply = (bytes) => (one.asked.length < 3 ? null : answerTo(bytes, []));
	const answer = await relayTo(one.address).answer(query('a.b'), policyOf(), 'udp', refusals);
	assert.equal([codeOf(answer), one.asked.length], [0, 3]);
});

for (const transport of ['udp', 'tcp'] as const) {
	test(`N-17: by ${transport}, after a server that can not be reached or can not tell the next is asked`, async ({
		one,
		two,
		refusals,
	}) => {
		one.reply = (bytes) => {
			const answer = answerTo(bytes, []);
			answer.writeUInt16BE(0x8180 | SERVER_FAILURE, 2);
			return answer;
		};
		const nobody = { address: '127.0.0.1', port: 1 };
		const relay = relayTo(nobody, one.address, two.address);
		const answer = await relay.answer(query('a.b'), policyOf(), transport, refusals);
		assert.equal([codeOf(answer), one.asked.length, two.asked.length], [0, 1, 1]);
		// Where no other knows better, its answer it is.
		const told = await relayTo(one.address).answer(query('a.b'), policyOf(), transport, refusals);
		assert.is(codeOf(told), SERVER_FAILURE);
	});

	test(`N-17: by ${transport}, where no server answers the question fails`, async ({ one, refusals }) => {
		one.reply = () => null;
		const silent = await relayTo(one.address).answer(query('a.b'), policyOf(), transport, refusals);
		const unreachable = await relayTo({ address: '127.0.0.1', port: 1 }).answer(
			query('a.b'),
			policyOf(),
			transport,
			refusals,
		);
		assert.equal([codeOf(silent), codeOf(unreachable)], [SERVER_FAILURE, SERVER_FAILURE]);
	});
}

test('N-18: answers with another id or to another question are not taken', async ({ one, two, refusals }) => {
	let forged = 0;
	one.reply = (bytes) => {
		forged += 1;
		if (forged === 1)
			return answerTo(Buffer.concat([words(bytes.readUInt16BE(0) ^ 1), bytes.subarray(2)]), []);
		return answerTo(Buffer.concat([bytes.subarray(0, 12), query('evil.b').subarray(12)]), []);
	};
	two.reply = (bytes) => answerTo(bytes, [four('203.0.113.7')]);
	for (const transport of ['udp', 'udp', 'tcp'] as const) {
		const asked = query('www.b');
		const answer = await relayTo(one.address, two.address).answer(asked, policyOf(), transport, refusals);
		assert.equal(readAnswer(answer ?? Buffer.alloc(0), asQuestion(asked))?.addresses, ['203.0.113.7']);
	}
});

test('N-19: an instance has 100 questions under way at most, and takes no others from its neighbours', async ({
	one,
	refusals,
}) => {
	one.reply = () => null;
	const relay = new DnsRelay({
		resolvers: () => [one.address],
		patience: { retryMs: 5_000, timeoutMs: 1_000 },
	});
	const policy = policyOf();
	const under = Array.from({ length: 100 }, () => relay.answer(query('a.b'), policy, 'udp', refusals));
	await one.hasBeenAsked(100);
	assert.is(codeOf(await relay.answer(query('a.b'), policy, 'udp', refusals)), SERVER_FAILURE);
	assert.is(one.asked.length, 100);
	one.reply = (bytes) => answerTo(bytes, []);
	assert.is(codeOf(await relay.answer(query('a.b'), policyOf(), 'udp', refusals)), 0);
	await Promise.all(under);
	// What is over makes room.
	assert.is(codeOf(await relay.answer(query('a.b'), policy, 'udp', refusals)), 0);
});

test('N-20: the servers are those of the host, read again when they change', () => {
	const file = path.join(os.tmpdir(), `httpfn-resolv-${randomUUID()}`);
	const resolvers = new HostResolvers(file);
	const write = (text: string) => {
		fs.writeFileSync(`${file}.new`, text);
		fs.renameSync(`${file}.new`, file);
		return resolvers.servers().map(({ address, port }) => `${address} ${port}`);
	};
	try {
		assert.equal(resolvers.servers(), [{ address: '127.0.0.1', port: 53 }]);
		assert.equal(write('# nameserver 10.0.0.9\nsearch a\nnameserver 10.0.0.1\nnameserver\tfe80::1%eth0 \n'), [
			'10.0.0.1 53',
			'fe80::1%eth0 53',
		]);
		assert.equal(
			write('nameserver 10.0.0.1\nnameserver x\nnameserver ::2\nnameserver 10.0.0.3\nnameserver 10.0.0.4'),
			['10.0.0.1 53', '::2 53', '10.0.0.3 53'],
		);
		assert.equal(write('\n'), ['127.0.0.1 53']);
		write('nameserver 10.0.0.1');
		fs.rmSync(file);
		assert.equal(resolvers.servers(), [{ address: '10.0.0.1', port: 53 }]);
	} finally {
		fs.rmSync(file, { force: true });
	}
});

test.run();
