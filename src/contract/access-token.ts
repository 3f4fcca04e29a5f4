/**
 * What X-Auth-Token carries: `hft_`, when it ends (seconds since 1970, base 36), `_`, 256 random bits. Only the SHA-256 of the
 * whole is kept, so neither the token nor its end can be made from what is stored, or changed.
 */
import { nodeCrypto } from './node-crypto.ts';

const TOKEN = /^hft_([0-9a-z]{1,8})_[\w-]{43}$/;

/** SHA-256, hexadecimal. */
export function accessTokenHash(token: string): string {
	return nodeCrypto().hash('sha256', token, 'hex');
}

/** Milliseconds since 1970; null: no token of ours. */
export function accessTokenEndMs(token: string): number | null {
	const [, ends] = TOKEN.exec(token) ?? [];
	return ends === undefined ? null : Number.parseInt(ends, 36) * 1000;
}
