/**
 * What X-Auth-Token carries: `hft_`, when it ends (seconds since 1970, base 36), `_`, 256 random bits. Only the SHA-256 of the
 * whole is kept, so neither the token nor its end can be made from what is stored, or changed.
 */
import { nodeCrypto } from '../../contract/node-crypto.ts';

/** Hours: what the platform's tokens last (documented), and at most (ours). */
export const TOKEN_HOURS = { usual: 24, max: 8760 } as const;

const TOKEN = /^hft_([0-9a-z]{1,8})_[\w-]{43}$/;

export interface NewToken {
	/** Shown once. */
	readonly token: string;
	readonly hash: string;
	readonly endsMs: number;
}

export function newAccessToken(nowMs: number, hours: number): NewToken {
	const endsSeconds = Math.floor(nowMs / 1000) + hours * 3600;
	const random = nodeCrypto().randomBytes(32).toString('base64url');
	const token = `hft_${endsSeconds.toString(36)}_${random}`;
	return { token, hash: accessTokenHash(token), endsMs: endsSeconds * 1000 };
}

/** SHA-256, hexadecimal. */
export function accessTokenHash(token: string): string {
	return nodeCrypto().hash('sha256', token, 'hex');
}

/** Milliseconds since 1970; null: no token of ours. */
export function accessTokenEndMs(token: string): number | null {
	const [, ends] = TOKEN.exec(token) ?? [];
	return ends === undefined ? null : Number.parseInt(ends, 36) * 1000;
}
