/** What can be said of a signed request before its body is known. */
import { shortened } from '../../base/shortened.ts';
import type { UserRecord } from '../../catalog/records.ts';
import { RuntimeError } from '../../contract/errors.ts';
import {
	headerOf,
	parseSdkAuthorization,
	parseSdkDate,
	type SdkAuthorization,
	type SignedHead,
	sdkDate,
} from '../../contract/sdk-signature.ts';

/** How far X-Sdk-Date may be from this machine's clock (documented: 15 minutes). */
const CLOCK_MS_MAX = 15 * 60_000;
/** Characters of path and query (ours): a stranger is not to have us sort and encode 64 KB of them. */
const TARGET_CHARS_MAX = 8192;
/** Characters of what a stranger sent, in a message. */
const SHOWN_CHARS_MAX = 256;

export interface JudgedSignature {
	readonly authorization: SdkAuthorization;
	readonly user: UserRecord;
	/** What X-Sdk-Content-Sha256 says of the body, 64 hexadecimal digits; null: it was not sent. */
	readonly claimedSha256: string | null;
}

/** Throws ERR_UNAUTHORIZED, or ERR_URI_TOO_LARGE, with what was found and wanted; never with a secret. */
export function judgeSignature(
	head: SignedHead,
	text: string,
	nowMs: number,
	userOf: (accessKey: string) => UserRecord | null,
): JudgedSignature {
	const authorization = parseSdkAuthorization(text);
	if (authorization === null) {
		// Nothing of it is shown: whatever stands there may be somebody's password.
		throw unauthorized(
			'the Authorization header is malformed, wanted "SDK-HMAC-SHA256 Access=…, SignedHeaders=…, Signature=…" with 64 lower-case hexadecimal digits',
		);
	}
	if (!head.url.startsWith('/')) throw unauthorized('the request names a whole URL, wanted a path');
	if (head.url.length > TARGET_CHARS_MAX) {
		const found = `path and query have ${head.url.length} characters`;
		throw new RuntimeError('ERR_URI_TOO_LARGE', `${found}, wanted at most ${TARGET_CHARS_MAX}`);
	}
	judgeHeaders(head, authorization.signedHeaders);
	judgeDate(headerOf(head, 'x-sdk-date') ?? '', nowMs);
	const claimedSha256 = headerOf(head, 'x-sdk-content-sha256');
	judgeClaim(claimedSha256);
	const user = userOf(authorization.accessKey);
	if (user === null)
		throw unauthorized(`no user has the access key "${shortened(authorization.accessKey, SHOWN_CHARS_MAX)}"`);
	return { authorization, user, claimedSha256 };
}

/** Which headers a client signs is its own choice, but for the date (documented). */
function judgeHeaders(head: SignedHead, signedHeaders: readonly string[]): void {
	const absent = signedHeaders.filter((name) => headerOf(head, name) === null);
	if (absent.length > 0) {
		throw unauthorized(`signed headers did not arrive: ${shortened(absent.join(', '), SHOWN_CHARS_MAX)}`);
	}
	if (!signedHeaders.includes('x-sdk-date')) {
		throw unauthorized(
			`signed headers are ${shortened(signedHeaders.join(', '), SHOWN_CHARS_MAX)}; wanted x-sdk-date among them`,
		);
	}
}

function judgeDate(date: string, nowMs: number): void {
	const dateMs = parseSdkDate(date);
	if (dateMs === null) throw unauthorized('X-Sdk-Date is malformed, wanted a time such as 20260102T030405Z');
	if (Math.abs(nowMs - dateMs) > CLOCK_MS_MAX) {
		throw unauthorized(
			`X-Sdk-Date is ${date} and this machine's clock ${sdkDate(nowMs)}; wanted at most ${CLOCK_MS_MAX / 60_000} minutes between them`,
		);
	}
}

function judgeClaim(claimedSha256: string | null): void {
	if (claimedSha256 === null || /^[0-9a-f]{64}$/.test(claimedSha256)) return;
	const found = claimedSha256 === 'UNSIGNED-PAYLOAD' ? '"UNSIGNED-PAYLOAD"' : 'malformed';
	// The way here is not encrypted: a body that nobody signed could be anybody's.
	throw unauthorized(
		`X-Sdk-Content-Sha256 is ${found}, wanted the SHA-256 of the body, or none: bodies are signed here`,
	);
}

export function unauthorized(message: string): RuntimeError {
	return new RuntimeError('ERR_UNAUTHORIZED', message);
}
