import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { requireCredentials } from '../../../src/control/auth/require-credentials.ts';
import { thrownCode } from '../../contract/thrown-code.ts';

const test = suite('requireCredentials');

test('A-117: the control plane opens on loopback without users, and elsewhere only with one', () => {
	const none = { count: () => 0 };
	const some = { count: () => 1 };
	for (const host of ['127.0.0.1', 'localhost', '::1']) {
		assert.equal(requireCredentials({ host }, none), { open: true });
		assert.equal(requireCredentials({ host }, some), { open: true });
	}
	for (const host of ['0.0.0.0', '::', '10.0.0.1', 'example.com']) {
		assert.is(
			thrownCode(() => requireCredentials({ host }, none)),
			'ERR_CREDENTIALS_MISSING',
		);
		assert.equal(requireCredentials({ host }, some), { open: false });
	}
});

test.run();
