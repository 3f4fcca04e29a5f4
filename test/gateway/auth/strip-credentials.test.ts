import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withoutCredentials } from '../../../src/gateway/auth/strip-credentials.ts';

const test = suite('withoutCredentials');
const SOMEBODY = { app: 'app-1', user: null };
const lines = (...all: readonly string[]) => all.map((line) => `${line}\r\n`).join('');

test('G-13: signatures, Basic, tokens, keys and secrets of callers are left out, in whatever case and spelling', () => {
	const credentials = lines(
		'Authorization: SDK-HMAC-SHA256 Access=k, SignedHeaders=host, Signature=s',
		'authorization:Basic a2V5OnNlY3JldA==',
		'AUTHORIZATION: \t basic a2V5',
		'X-Auth-Token: hft_1_x',
		'x_auth_token: hft_1_x',
		'X-HW-ID: key',
		'X.Hw.AppKey: secret',
		'X-Sdk-Date: 20260102T030405Z',
		'x-sdk-content-sha256: UNSIGNED-PAYLOAD',
	);
	assert.is(withoutCredentials(credentials, SOMEBODY), '');
	assert.is(
		withoutCredentials(`A: 1\r\n${credentials}X: 2\r\n${credentials}Z: 3\r\n`, SOMEBODY),
		'A: 1\r\nX: 2\r\nZ: 3\r\n',
	);
});

test('G-13: everything else stays as it is, an Authorization of another scheme too', () => {
	const others = lines(
		'Accept: */*',
		'Authorization: Bearer of.the.function',
		'Authorization: Basically not',
		'Authorization-Info: Basic a2V5',
		'X-Auth-Tokens: 2',
		'X-HW-IDS: 1',
		'X-Sdk: no date',
		'Cookie: x-auth-token: hft_1_x',
		'X-Empty:',
	);
	assert.is(withoutCredentials(others, SOMEBODY), others);
	assert.is(withoutCredentials('', SOMEBODY), '');
});

test('G-13: whom an authorizer let in keeps its header whole, an app or a user does not', () => {
	const header = lines('Authorization: Basic a2V5', 'X-Auth-Token: own');
	assert.is(withoutCredentials(header, { app: null, user: null }), header);
	assert.is(withoutCredentials(header, SOMEBODY), '');
	assert.is(withoutCredentials(header, { app: null, user: 'ada' }), '');
});

test('G-13: of 300 headers, the lines left are those that hold no credential, in their order', () => {
	const credential = fc.constantFrom(
		'X-HW-ID: k',
		'x-hw-appkey: s',
		'X-Sdk-Date: d',
		'authorization: basic x',
	);
	const other = fc.stringMatching(/^[b-w][a-z-]{0,9}: [!-~ ]{0,20}$/);
	fc.assert(
		fc.property(fc.array(fc.oneof(credential, other)), (all) => {
			const left = all.filter((line) => !/^(?:x-|authorization)/i.test(line));
			assert.is(withoutCredentials(lines(...all), SOMEBODY), lines(...left));
		}),
		{ numRuns: 300 },
	);
});

test.run();
