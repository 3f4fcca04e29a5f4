import { accessTokenHash } from '../../contract/access-token.ts';
import { nodeCrypto } from '../../contract/node-crypto.ts';

/** Hours: what the platform's tokens last (documented), and at most (ours). */
export const TOKEN_HOURS = { usual: 24, max: 8760 } as const;

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
