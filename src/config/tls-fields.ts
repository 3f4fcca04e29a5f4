/** Certificates of the gateway. */
import path from 'node:path';
import * as z from 'zod/mini';
import type { TlsSettings } from '../gateway/tls-certificates.ts';
import { type Mistake, valueMistake } from './config-error.ts';
import type { Field } from './field.ts';
import { fileOnly, text } from './field-makers.ts';
import type { GivenValue } from './given-value.ts';

const CERTIFICATES_MAX = 1000;
const file = (wanted: string) => z.string(wanted).check(z.minLength(1, wanted));
const optionalFile = () => z.optional(z.string().check(z.minLength(1)));

const certificates = () =>
	z
		.array(
			z.strictObject({
				cert: file('the path of a certificate in PEM form'),
				key: file('the path of a private key in PEM form'),
			}),
		)
		.check(z.maxLength(CERTIFICATES_MAX, `at most ${CERTIFICATES_MAX} certificates`));

export const TLS_FIELDS = {
	tlsCert: text('Gateway', 'tls-cert', 'F', optionalFile, undefined, {
		fallbackText: 'none: no TLS',
		wanted: 'the path of a certificate in PEM form',
		sentence:
			'Certificate of the gateway, and the chain below it. With it clients speak TLS (HTTPS). A file that changes is read again.',
		example: '/etc/httpfn/cert.pem',
	}),
	tlsKey: text('Gateway', 'tls-key', 'F', optionalFile, undefined, {
		fallbackText: 'none',
		wanted: 'the path of a private key in PEM form, without a passphrase',
		sentence: 'Private key of that certificate.',
		example: '/etc/httpfn/key.pem',
	}),
	tlsCertificates: fileOnly('Gateway', 'tls-certificates', certificates, [], {
		fallbackText: 'none',
		wanted: 'a list of {cert, key}',
		sentence:
			'More certificates. Each client gets the one that names the server it asks for, and else the first of all.',
		example: '[{"cert": "/etc/httpfn/b.pem", "key": "/etc/httpfn/b.key"}]',
	}),
	tlsMinVersion: text('Gateway', 'tls-min-version', 'V', () => z.enum(['1.2', '1.3']), '1.2', {
		wanted: '1.2 or 1.3',
		sentence: 'Least version of TLS that a client may speak.',
		example: '1.3',
	}),
} as const satisfies Record<string, Field>;

interface TlsValues {
	readonly tlsCert?: string | undefined;
	readonly tlsKey?: string | undefined;
	readonly tlsCertificates: readonly { readonly cert: string; readonly key: string }[];
	readonly tlsMinVersion: '1.2' | '1.3';
}

/** From judged values; `given` says where relative paths were written. Null: no TLS. Half a pair is a mistake. */
export function tlsSettings(
	{ tlsCert, tlsKey, tlsCertificates, tlsMinVersion: minVersion }: TlsValues,
	given: ReadonlyMap<string, GivenValue>,
	mistakes: Mistake[],
): TlsSettings | null {
	const from = (key: string, name: string) => path.resolve(given.get(key)?.folder ?? '', name);
	const lacking = tlsCert === undefined ? 'tlsCert' : 'tlsKey';
	if ((tlsCert === undefined) !== (tlsKey === undefined)) {
		const half = given.get(lacking === 'tlsCert' ? 'tlsKey' : 'tlsCert');
		const problem = `found it without ${TLS_FIELDS[lacking].flag}, wanted both or neither`;
		mistakes.push(valueMistake(half?.source ?? lacking, problem, half?.locate?.([]).position));
	}
	const first =
		tlsCert === undefined || tlsKey === undefined
			? []
			: [{ cert: from('tlsCert', tlsCert), key: from('tlsKey', tlsKey) }];
	const more = tlsCertificates.map(({ cert, key }) => ({
		cert: from('tlsCertificates', cert),
		key: from('tlsCertificates', key),
	}));
	const all = [...first, ...more];
	return all.length === 0 ? null : { certificates: all, minVersion };
}
