/** How often an API may be called. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Caller } from '../../../src/gateway/api.ts';
import { Throttle, type ThrottleRule } from '../../../src/gateway/throttle/throttle.ts';

const test = suite('Throttle');

const RULE: ThrottleRule = {
	intervalSeconds: 60,
	apiLimit: 1e9,
	userLimit: null,
	appLimit: null,
	addressLimit: null,
	specials: new Map(),
};

/** A throttle by a clock that is set by hand. */
function throttleOf(rule: Partial<ThrottleRule>) {
	const clock = { ms: 5000 };
	const throttle = new Throttle({ ...RULE, ...rule }, () => clock.ms);
	const admit = (caller: Partial<Caller> = {}) =>
		throttle.admit({ app: null, user: null, address: '192.0.2.1', ...caller });
	return { clock, admit, may: (caller: Partial<Caller> = {}) => admit(caller).error === null };
}

test('G-40: an API is called as often as its limit says, then 429 until the window of the first call is over', () => {
	const { clock, admit, may } = throttleOf({ apiLimit: 2 });
	assert.ok(may());
	clock.ms += 59_500;
	assert.ok(may());
	const { error, retryLines } = admit();
	assert.is(error?.code, 'ERR_THROTTLED');
	assert.is(retryLines, 'Retry-After: 1\r\n');
	clock.ms += 499;
	assert.not(may());
	clock.ms += 1;
	assert.ok(may());
	clock.ms += 1e9;
	assert.equal([may(), may(), may()], [true, true, false]);
	assert.is(admit().retryLines, 'Retry-After: 60\r\n');
});

test('G-41: users, apps and addresses have limits of their own, and a call that is refused counts for none of them', () => {
	const { may } = throttleOf({ apiLimit: 5, userLimit: 2, appLimit: 1, addressLimit: 3 });
	assert.equal([may({ app: 'a' }), may({ app: 'a' }), may({ app: 'b' })], [true, false, true]);
	assert.equal([may({ user: 'u' }), may({ user: 'u', address: '192.0.2.2' })], [true, true]);
	assert.not(may({ user: 'u', address: '192.0.2.2' }));
	assert.not(may(), 'three calls came from this address');
	assert.ok(may({ address: '192.0.2.3' }));
	assert.not(may({ address: '192.0.2.4' }), 'five calls in all');
});

test('G-42: a special app has its own limit, higher or lower, also where apps have none', () => {
	const specials = new Map([
		['big', 3],
		['small', 1],
	]);
	for (const appLimit of [2, null]) {
		const { may } = throttleOf({ appLimit, specials });
		const calls = (app: string) => [1, 2, 3, 4].filter(() => may({ app })).length;
		assert.equal([calls('big'), calls('small'), calls('other')], [3, 1, appLimit ?? 4]);
	}
});

test('G-43: what is left of each limit is told in lines of its own', () => {
	const { admit } = throttleOf({ apiLimit: 10, userLimit: 5, appLimit: 4, addressLimit: 1 });
	const line = (name: string, remain: number, limit: number) =>
		`X-Apig-RateLimit-${name}: remain:${remain},limit:${limit},time:60 second\r\n`;
	const known = { user: 'u', app: 'a' };
	const first = line('api', 9, 10) + line('user', 4, 5) + line('app', 3, 4) + line('ip', 0, 1);
	assert.is(admit(known).debugLines(), first);
	assert.is(admit(known).debugLines(), first);
	assert.is(admit({ address: '192.0.2.2' }).debugLines(), line('api', 8, 10) + line('ip', 0, 1));
});

test('G-44: IPv6 is counted by /64, and IPv4 in IPv6 as IPv4', () => {
	const same = [
		['2001:db8::1', '2001:db8:0:0:ffff:ffff:ffff:ffff', true],
		['2001:db8:0:1::1', '2001:db8:0:2::1', false],
		['fe80::1%eth0', 'fe80::2', true],
		['::ffff:192.0.2.1', '192.0.2.1', true],
		['::ffff:c000:201', '192.0.2.1', true],
		['::ffff:192.0.2.1', '::ffff:192.0.2.2', false],
		['2001:DB8::1', '2001:db8::2', true],
	] as const;
	for (const [one, other, expected] of same) {
		const { may } = throttleOf({ addressLimit: 1 });
		assert.ok(may({ address: one }));
		assert.is(may({ address: other }), !expected, `${one} ${other}`);
	}
});

test('G-45: of 1,000,000 addresses 10,000 are counted each by itself, the rest by counts that they share, until the window is over', () => {
	const { clock, may } = throttleOf({ addressLimit: 5 });
	const address = (n: number) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
	let admitted = 0;
	for (let n = 0; n < 1_000_000; n++) if (may({ address: address(n) })) admitted += 1;
	// At most 5 for each of the shared counts.
	assert.ok(admitted > 10_005 && admitted <= 10_000 + 2 * 4096 * 5, String(admitted));
	assert.ok(may({ address: address(1) }), 'who came early keeps a count of its own');
	clock.ms += 60_000;
	assert.ok(may({ address: address(999_999) }));
});

test('G-46: random calls are let in and refused as by a list of all calls that were let in', () => {
	let seed = 7;
	const random = (below: number) => {
		seed = (seed * 48_271) % 2_147_483_647;
		return seed % below;
	};
	for (let round = 0; round < 100; round++) {
		const limit = () => (random(3) === 0 ? null : 1 + random(6));
		const specials = new Map(random(2) === 0 ? [['a0', random(9)]] : []);
		const limits = { apiLimit: 5 + random(20), userLimit: limit(), appLimit: limit(), addressLimit: limit() };
		const { clock, may } = throttleOf({ ...limits, specials });
		let calls: { user: string | null; app: string | null; address: string }[] = [];
		let startMs = Number.NEGATIVE_INFINITY;
		for (let step = 0; step < 100; step++) {
			clock.ms += random(4000);
			const name = (letter: string) => (random(4) === 0 ? null : letter + random(3));
			const call = { user: name('u'), app: name('a'), address: `192.0.2.${random(3)}` };
			if (clock.ms - startMs >= 60_000) {
				startMs = clock.ms;
				calls = [];
			}
			const below = (field: 'user' | 'app' | 'address', most: number | null) =>
				call[field] === null ||
				most === null ||
				calls.filter((one) => one[field] === call[field]).length < most;
			const appMost = specials.get(call.app ?? '') ?? limits.appLimit;
			const expected =
				calls.length < limits.apiLimit &&
				below('user', limits.userLimit) &&
				below('app', appMost) &&
				below('address', limits.addressLimit);
			assert.is(may(call), expected, `round ${round}, step ${step}`);
			if (expected) calls.push(call);
		}
	}
});

test.run();
