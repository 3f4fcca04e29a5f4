import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EgressSettings } from '../../src/contract/sandbox-settings.ts';
import { EgressPolicy } from '../../src/isolation/egress-policy.ts';

const test = suite('egress policy');

const OPEN: EgressSettings = { mode: 'open', allow: [], publicSource: null, disablePublicNetwork: false };
const policyOf = (given: Partial<EgressSettings> = {}) => new EgressPolicy({ ...OPEN, ...given });
const listed = (...allow: string[]) => policyOf({ mode: 'allow', allow });

/** `routed`, `public`, `loopback`, or why it is refused. */
function ruling(policy: EgressPolicy, address: string, port = 443, nowMs = 0): string {
	const verdict = policy.judge(address, port, nowMs);
	return verdict.allowed ? verdict.host : verdict.reason;
}

function nameRuling(policy: EgressPolicy, name: string): string {
	const verdict = policy.judgeName(name);
	return verdict.allowed ? verdict.host : verdict.reason;
}

function expectRulings(policy: EgressPolicy, expected: Record<string, string>): void {
	const found = Object.keys(expected).map((address) => [address, ruling(policy, address)]);
	assert.equal(Object.fromEntries(found), expected);
}

test('N-1: open reaches private and public addresses, and tells them apart', () => {
	expectRulings(policyOf(), {
		'10.1.2.3': 'routed',
		'172.16.0.1': 'routed',
		'172.31.255.255': 'routed',
		'172.32.0.0': 'public',
		'192.168.255.1': 'routed',
		'100.64.0.1': 'routed',
		'100.128.0.1': 'public',
		'203.0.113.9': 'public',
		'fd12::1': 'routed',
		'2001:db8::1': 'public',
	});
	assert.is(nameRuling(policyOf(), 'any.example'), 'routed');
});

test('N-1: none reaches nothing, and no name is looked up', () => {
	const policy = policyOf({ mode: 'none' });
	expectRulings(policy, { '10.1.2.3': 'mode-none', '8.8.8.8': 'mode-none', '192.0.2.1': 'mode-none' });
	assert.is(nameRuling(policy, 'any.example'), 'mode-none');
});

test('N-2: metadata, loopback, link-local, multicast and unspecified addresses are refused unless they are named', () => {
	const guarded = {
		'169.254.169.254': 'metadata',
		'169.254.0.1': 'metadata',
		'100.100.100.200': 'metadata',
		'192.0.0.192': 'metadata',
		'fd00:ec2::254': 'metadata',
		'fd20:ce::254': 'metadata',
		'127.0.0.1': 'loopback',
		'127.9.9.9': 'loopback',
		'::1': 'loopback',
		'192.0.2.1': 'loopback',
		'fe80::1': 'link-local',
		'fe80::1%eth0': 'link-local',
		'0.0.0.0': 'unspecified',
		'0.1.2.3': 'unspecified',
		'::': 'unspecified',
		'224.0.0.1': 'multicast',
		'ff02::1': 'multicast',
		'255.255.255.255': 'multicast',
	};
	expectRulings(policyOf(), guarded);
	expectRulings(listed('0.0.0.0/0', '::/0'), guarded);
	const named = listed('169.254.169.254:80', 'fd00:ec2::254', 'fe80::/10');
	assert.is(ruling(named, '169.254.169.254', 80), 'routed');
	assert.is(ruling(named, '169.254.169.254', 81), 'metadata');
	assert.is(ruling(named, '169.254.169.253', 80), 'metadata');
	assert.is(ruling(policyOf({ allow: ['169.254.0.0/16'] }), '169.254.170.2', 80), 'routed');
	expectRulings(named, { 'fd00:ec2::254': 'routed', 'fe80::1%eth0': 'routed' });
});

test('N-3: an address that carries an IPv4 address is judged as that', () => {
	const carried = {
		'::ffff:169.254.169.254': 'metadata',
		'::ffff:a9fe:a9fe': 'metadata',
		'0:0:0:0:0:FFFF:A9FE:A9FE': 'metadata',
		'::ffff:0:169.254.169.254': 'metadata',
		'::127.0.0.1': 'loopback',
		'64:ff9b::7f00:1': 'loopback',
		'64:ff9b::10.1.2.3': 'routed',
		'2002:a9fe:a9fe::1': 'metadata',
		'2002:0a01:0203::': 'routed',
		'2002:cb00:7109::1': 'public',
		'::ffff:0.0.0.0': 'unspecified',
	};
	expectRulings(policyOf(), carried);
	assert.is(ruling(listed('10.0.0.0/8'), '::ffff:10.1.2.3'), 'routed');
	assert.is(ruling(listed('::ffff:10.0.0.0/104'), '10.1.2.3'), 'routed');
	assert.is(ruling(listed('::/0'), '::ffff:10.1.2.3'), 'not-listed');
});

test('N-3: text that is no address is refused', () => {
	const texts = [
		'',
		'010.0.0.1',
		'1.2.3',
		'1.2.3.4.5',
		'256.1.1.1',
		'0x7f.1',
		'2130706433',
		':::',
		'1::2::3',
		'::1/x',
		'a',
		'::ffff:1.2.3',
		'1:2:3:4:5:6:7:8:9',
		'10.0.0.1\0',
		'\u{661}.1.1.1',
		'f'.repeat(100_000),
	];
	for (const text of texts) assert.is(ruling(policyOf(), text), 'unspecified', text.slice(0, 40));
});

test('N-4: allow reaches what its blocks and addresses list, on the ports they list', () => {
	const policy = listed('10.0.0.0/8', '203.0.113.9:5432', '[2001:db8::/32]:443', 'fd00::5');
	assert.equal(
		[
			ruling(policy, '10.255.0.1', 1),
			ruling(policy, '11.0.0.0'),
			ruling(policy, '203.0.113.9', 5432),
			ruling(policy, '203.0.113.9', 5433),
			ruling(policy, '2001:db8:ffff::1', 443),
			ruling(policy, '2001:db8:ffff::1', 80),
			ruling(policy, '2001:db9::', 443),
			ruling(policy, 'fd00::5', 9),
			ruling(policy, 'fd00::6', 9),
		],
		[
			'routed',
			'not-listed',
			'public',
			'not-listed',
			'public',
			'not-listed',
			'not-listed',
			'routed',
			'not-listed',
		],
	);
	assert.is(ruling(listed(), '10.0.0.1'), 'not-listed');
});

test('N-5: allow looks up the names it lists, and *.name all below it', () => {
	const policy = listed('API.example.com', '*.internal.example:5432', '10.0.0.0/8');
	const rulings = {
		'api.example.com': 'routed',
		'API.EXAMPLE.COM.': 'routed',
		'x.api.example.com': 'not-listed',
		'internal.example': 'not-listed',
		'a.b.internal.example': 'routed',
		'evilinternal.example': 'not-listed',
		'': 'not-listed',
	};
	for (const [name, expected] of Object.entries(rulings)) assert.is(nameRuling(policy, name), expected, name);
});

test('N-6: the addresses a listed name led to are reached on its ports for as long as the answer holds', () => {
	const policy = listed('db.example:5432', 'www.example');
	policy.learn('DB.example.', ['203.0.113.1', '2001:db8::1'], 300, 1_000);
	policy.learn('www.example', ['203.0.113.2'], 300, 1_000);
	policy.learn('other.example', ['203.0.113.3'], 300, 1_000);
	assert.equal(
		[
			ruling(policy, '203.0.113.1', 5432, 300_999),
			ruling(policy, '::ffff:203.0.113.1', 5432, 1_000),
			ruling(policy, '2001:db8:0::1', 5432, 1_000),
			ruling(policy, '203.0.113.1', 80, 1_000),
			ruling(policy, '203.0.113.1', 5432, 301_000),
			ruling(policy, '203.0.113.2', 1, 1_000),
			ruling(policy, '203.0.113.3', 1, 1_000),
		],
		['public', 'public', 'public', 'not-listed', 'not-listed', 'public', 'not-listed'],
	);
});

test('N-6: what an answer teaches holds for 60 s at least and an hour at most', () => {
	const policy = listed('www.example');
	policy.learn('www.example', ['203.0.113.1'], 0, 0);
	policy.learn('www.example', ['203.0.113.2'], 2 ** 31, 0);
	assert.equal(
		[59_999, 60_000].map((nowMs) => ruling(policy, '203.0.113.1', 1, nowMs)),
		['public', 'not-listed'],
	);
	assert.equal(
		[3_599_999, 3_600_000].map((nowMs) => ruling(policy, '203.0.113.2', 1, nowMs)),
		['public', 'not-listed'],
	);
	// A shorter answer does not take back what a longer one promised.
	policy.learn('www.example', ['203.0.113.2'], 0, 0);
	assert.is(ruling(policy, '203.0.113.2', 1, 3_599_999), 'public');
});

test('N-6: an instance has 4,096 learnt addresses at most, the oldest go', () => {
	const policy = listed('www.example');
	for (let index = 0; index < 4_097; index += 1) {
		policy.learn('www.example', [`203.0.${index >> 8}.${index & 0xff}`], 600, 0);
	}
	assert.equal(
		[ruling(policy, '203.0.0.0'), ruling(policy, '203.0.0.1'), ruling(policy, '203.0.16.0')],
		['not-listed', 'public', 'public'],
	);
});

test('N-7: a name that leads to a guarded address does not lift the guard', () => {
	const policy = listed('rebind.example');
	policy.learn('rebind.example', ['169.254.169.254', '127.0.0.1', '::ffff:127.0.0.1', 'nonsense'], 600, 0);
	expectRulings(policy, { '169.254.169.254': 'metadata', '127.0.0.1': 'loopback', '192.0.2.1': 'loopback' });
});

test('N-8: host.httpfn.internal is the loopback of the host, where that is named', () => {
	assert.is(nameRuling(policyOf(), 'host.httpfn.internal'), 'loopback');
	assert.not.ok(policyOf().judgeName('host.httpfn.internal').allowed);
	for (const rule of ['127.0.0.1:5432', '127.0.0.0/8', 'host.httpfn.internal:5432']) {
		for (const policy of [policyOf({ allow: [rule] }), listed(rule)]) {
			assert.equal(policy.judgeName('Host.httpfn.internal.'), { allowed: true, host: 'loopback' }, rule);
			assert.equal(policy.judge('192.0.2.1', 5432, 0), { allowed: true, host: 'loopback' }, rule);
		}
	}
	assert.not.ok(listed('127.0.0.1:5432').judge('192.0.2.1', 5433, 0).allowed);
	assert.not.ok(listed('192.0.2.1').judge('192.0.2.1', 5432, 0).allowed);
	assert.not.ok(listed('0.0.0.0/0').judge('192.0.2.1', 5432, 0).allowed);
});

test('N-9: without the public network only private addresses are reached, and guarded ones that are named', () => {
	const allow = ['127.0.0.1', '203.0.113.0/24', '10.0.0.0/8'];
	for (const mode of ['open', 'allow'] as const) {
		expectRulings(policyOf({ mode, allow, disablePublicNetwork: true }), {
			'10.1.2.3': 'routed',
			'203.0.113.9': 'public-network',
			'192.0.2.1': 'loopback',
			'169.254.169.254': 'metadata',
		});
	}
	const { mode, allow: none } = OPEN;
	expectRulings(policyOf({ mode, allow: none, disablePublicNetwork: true }), {
		'172.20.0.1': 'routed',
		'192.168.1.1': 'routed',
		'100.64.1.1': 'routed',
		'fc00::1': 'routed',
		'2001:db8::1': 'public-network',
		'198.18.0.1': 'public-network',
	});
});

test('N-10: an entry that is a mistake allows nothing', () => {
	expectRulings(listed('10.0.0.0/33', '', '*'), { '10.0.0.1': 'not-listed', '8.8.8.8': 'not-listed' });
});

test.run();
