/**
 * A signed request of whoever has a key. Nothing is told of a key that nobody has: it is judged as long, with the same words, as
 * one whose secret is wrong. What its owner may do is told only to who has the secret.
 *
 * Signatures have no nonce, and callers of functions may say the same twice: a repeat within 15 minutes is let pass (ours).
 */
import { RuntimeError } from '../../contract/errors.ts';
import {
	judgeSdkSignature,
	type SignatureRules,
	UNSIGNED_PAYLOAD,
} from '../../contract/judge-sdk-signature.ts';
import { isSignatureOf, type SignedHead } from '../../contract/sdk-signature.ts';
import type { Admitted, Verdict } from '../guard.ts';
import { NOBODYS_SECRET } from './same-secret.ts';

export interface KeyOwner extends Pick<Admitted, 'app' | 'user'> {
	readonly secretKey: string;
	/** Why its owner may not call this API, asked once the signature is right; null: it may. */
	refusal(): RuntimeError | null;
}

/** `text` is the Authorization. Throws what the directory of owners throws. */
export function judgeSigned(
	head: SignedHead,
	text: string,
	nowMs: number,
	rules: SignatureRules,
	ownerOf: (accessKey: string) => KeyOwner | null,
): Verdict {
	const { authorization, claimedSha256 } = judgeSdkSignature(head, text, nowMs, rules);
	const owner = ownerOf(authorization.accessKey);
	const secretKey = owner?.secretKey ?? NOBODYS_SECRET;
	const judge = (payload: string): RuntimeError | null => {
		const right = isSignatureOf(authorization, head, payload, secretKey);
		return owner === null || !right ? wrongSignature(rules) : owner.refusal();
	};
	const admitted = {
		kind: 'admitted',
		app: owner?.app ?? null,
		user: owner?.user ?? null,
		lines: '',
	} as const;
	if (claimedSha256 === null) return { ...admitted, judgeBody: judge };
	const error = judge(claimedSha256);
	if (error !== null) return error;
	if (claimedSha256 === UNSIGNED_PAYLOAD) return { ...admitted, judgeBody: null };
	const judgeBody = (sha256Hex: string): RuntimeError | null =>
		sha256Hex === claimedSha256 ? null : wrongBody(rules);
	return { ...admitted, judgeBody };
}

function wrongSignature({ code, prefix }: SignatureRules): RuntimeError {
	return new RuntimeError(
		code,
		`${prefix}nobody has this key, or the signature is not that of this request with its secret: another secret, or something changed on the way`,
	);
}

function wrongBody({ code, prefix }: SignatureRules): RuntimeError {
	return new RuntimeError(code, `${prefix}the body has another SHA-256 than X-Sdk-Content-Sha256 says`);
}
