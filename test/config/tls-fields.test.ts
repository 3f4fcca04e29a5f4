import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Mistake } from '../../src/config/config-error.ts';
import { tlsSettings } from '../../src/config/tls-fields.ts';

const test = suite('settings of TLS');

const NOTHING = { tlsCertificates: [], tlsMinVersion: '1.2' } as const;
const GIVEN = new Map(
	['tlsCert', 'tlsKey', 'tlsCertificates'].map((key) => [
		key,
		{ value: '', source: key, folder: `/from/${key}` },
	]),
);

test('U-153: certificates are those of --tls-cert and --tls-key, then those of the list, by paths from where they were written', () => {
	const mistakes: Mistake[] = [];
	const more = { ...NOTHING, tlsCertificates: [{ cert: 'b.pem', key: '/b.key' }] };
	const settings = tlsSettings({ ...more, tlsCert: 'a.pem', tlsKey: 'a.key' }, GIVEN, mistakes);
	assert.equal(settings, {
		certificates: [
			{ cert: '/from/tlsCert/a.pem', key: '/from/tlsKey/a.key' },
			{ cert: '/from/tlsCertificates/b.pem', key: '/b.key' },
		],
		minVersion: '1.2',
	});
	assert.is(tlsSettings(more, GIVEN, mistakes)?.certificates.length, 1);
	assert.is(tlsSettings(NOTHING, GIVEN, mistakes), null);
	assert.equal(mistakes, []);
});

test('U-153: a certificate without its key is a mistake, and a key without its certificate', () => {
	for (const half of ['tlsCert', 'tlsKey'] as const) {
		const mistakes: Mistake[] = [];
		tlsSettings({ ...NOTHING, [half]: 'a.pem' }, GIVEN, mistakes);
		assert.equal(
			mistakes.map(({ source }) => source),
			[half],
		);
	}
});

test.run();
