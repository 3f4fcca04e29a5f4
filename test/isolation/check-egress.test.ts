import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EgressSettings } from '../../src/contract/sandbox-settings.ts';
import { checkEgress } from '../../src/isolation/check-egress.ts';

const test = suite('check egress');

const OPEN: EgressSettings = { mode: 'open', allow: [], publicSource: null, disablePublicNetwork: false };

test('N-10: entries that are no block, address or name, and sources that are none, are mistakes', () => {
	const sound = [
		'10.0.0.0/8',
		'10.0.0.1:80',
		'::1',
		'[::1]:80',
		'[fd00::/8]:1',
		'fd00::/8',
		'a',
		'a.b:65535',
		'*.a.b:1',
		'xn--a.b',
		'_srv.a',
		'0.0.0.0/0',
		'2002::/16',
	];
	for (const entry of sound) assert.equal(checkEgress({ ...OPEN, allow: [entry] }), [], entry);
	const wrong = [
		'',
		'*',
		'*.',
		'10.0.0.0/33',
		'10.0.0.1/8',
		'10.0.0',
		'1.2.3.256',
		'10.0.0.1:0',
		'10.0.0.1:65536',
		'a:',
		'a:08',
		':80',
		'a..b',
		'-a.b',
		'a_-.b',
		'a b',
		'bücher.example',
		'a.*.b',
		'[10.0.0.1]:80',
		'[::1',
		'::1]:80',
		'fd00::/129',
		'fd00::1/8',
		'[a]:80',
		'http://a',
		`${'a'.repeat(64)}.b`,
		`${'a.'.repeat(127)}aa`,
	];
	for (const entry of wrong) assert.is(checkEgress({ ...OPEN, allow: [entry] }).length, 1, entry);
	for (const publicSource of ['here', '0.0.0.0', '10.0.0.0/8', 'ff02::1', '224.0.0.1', '']) {
		assert.is(checkEgress({ ...OPEN, publicSource }).length, 1, publicSource);
	}
	for (const publicSource of ['203.0.113.5', '2001:db8::5', null]) {
		assert.equal(checkEgress({ ...OPEN, publicSource }), []);
	}
	assert.is(checkEgress({ ...OPEN, mode: 'none', allow: ['a', '*'] }).length, 2);
});

test.run();
