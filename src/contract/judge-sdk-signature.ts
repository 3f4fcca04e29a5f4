/** What can be said of a signed request before its body is known, and before anybody looks up whose key it is. */
import { shortened } from '../base/shortened.ts';
import { type ErrorCode, RuntimeError } from './errors.ts';
import {
	headerOf,
	parseSdkAuthorization,
	parseSdkDate,
	type SdkAuthorization,
	type SignedHead,
	sdkDate,
} from './sdk-signature.ts';

/** What X-Sdk-Content-Sha256 holds where the body is not signed (documented). */
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

/** How far X-Sdk-Date may be from this machine's clock (documented: 15 minutes). */
const CLOCK_MS_MAX = 15 * 60_000;
/** Characters of path and query (ours): a stranger is not to have us sort and encode 64 KB of them. */
const TARGET_CHARS_MAX = 8192;
/** Segments of the path and parameters of the query together (ours), for the same reason. */
const TARGET_PARTS_MAX = 512;
const SLASH = 0x2f;
const AMPERSAND = 0x26;
/** Characters of what a stranger sent, in a message. */
const SHOWN_CHARS_MAX = 256;

export interface JudgedSignature {
	readonly authorization: SdkAuthorization;
	/** What X-Sdk-Content-Sha256 says of the body: 64 hexadecimal digits, or UNSIGNED_PAYLOAD; null: it was not sent. */
	readonly claimedSha256: string | null;
}

export interface SignatureRules {
	/** Of whatever is refused. */
	readonly code: ErrorCode;
	/** What every message begins with. */
	readonly prefix: string;
	/** Whether a body may go unsigned. */
	readonly unsignedPayload: boolean;
}

/** Throws a RuntimeError of the code, or ERR_URI_TOO_LARGE, with what was found and wanted; never with a secret. */
export function judgeSdkSignature(
	head: SignedHead,
	text: string,
	nowMs: number,
	rules: SignatureRules,
): JudgedSignature {
	const authorization = parseSdkAuthorization(text);
	if (authorization === null) {
		// Nothing of it is shown: whatever stands there may be somebody's password.
		throw refusal(
			rules,
			'the Authorization header is malformed, wanted "SDK-HMAC-SHA256 Access=…, SignedHeaders=…, Signature=…" with 64 lower-case hexadecimal digits',
		);
	}
	if (!head.url.startsWith('/')) throw refusal(rules, 'the request names a whole URL, wanted a path');
	judgeLength(head.url);
	judgeHeaders(head, authorization.signedHeaders, rules);
	judgeDate(headerOf(head, 'x-sdk-date') ?? '', nowMs, rules);
	const claimedSha256 = headerOf(head, 'x-sdk-content-sha256');
	judgeClaim(claimedSha256, rules);
	return { authorization, claimedSha256 };
}

function judgeLength(url: string): void {
	if (url.length > TARGET_CHARS_MAX) {
		const found = `path and query have ${url.length} characters`;
		throw new RuntimeError('ERR_URI_TOO_LARGE', `${found}, wanted at most ${TARGET_CHARS_MAX}`);
	}
	let parts = 0;
	for (let i = 0; i < url.length; i++) {
		const code = url.charCodeAt(i);
		if (code === SLASH || code === AMPERSAND) parts++;
	}
	if (parts > TARGET_PARTS_MAX) {
		const found = `path and query have ${parts} parts`;
		throw new RuntimeError('ERR_URI_TOO_LARGE', `${found}, wanted at most ${TARGET_PARTS_MAX}`);
	}
}

/** Which headers a client signs is its own choice, but for the date (documented). */
function judgeHeaders(head: SignedHead, signedHeaders: readonly string[], rules: SignatureRules): void {
	const absent = signedHeaders.filter((name) => headerOf(head, name) === null);
	if (absent.length > 0) {
		throw refusal(rules, `signed headers did not arrive: ${shortened(absent.join(', '), SHOWN_CHARS_MAX)}`);
	}
	// Each counts once for the work there is: a long header, named a thousand times, is not to be hashed a thousand times.
	if (new Set(signedHeaders).size < signedHeaders.length) {
		throw refusal(rules, 'a signed header is named more than once, wanted each once');
	}
	if (!signedHeaders.includes('x-sdk-date')) {
		throw refusal(
			rules,
			`signed headers are ${shortened(signedHeaders.join(', '), SHOWN_CHARS_MAX)}; wanted x-sdk-date among them`,
		);
	}
}

function judgeDate(date: string, nowMs: number, rules: SignatureRules): void {
	const dateMs = parseSdkDate(date);
	if (dateMs === null) {
		throw refusal(rules, 'X-Sdk-Date is malformed, wanted a time such as 20260102T030405Z');
	}
	if (Math.abs(nowMs - dateMs) > CLOCK_MS_MAX) {
		throw refusal(
			rules,
			`X-Sdk-Date is ${date} and this machine's clock ${sdkDate(nowMs)}; wanted at most ${CLOCK_MS_MAX / 60_000} minutes between them`,
		);
	}
}

function judgeClaim(claimedSha256: string | null, rules: SignatureRules): void {
	if (claimedSha256 === null || /^[0-9a-f]{64}$/.test(claimedSha256)) return;
	const unsigned = claimedSha256 === UNSIGNED_PAYLOAD;
	if (unsigned && rules.unsignedPayload) return;
	const wanted = rules.unsignedPayload
		? `the SHA-256 of the body, ${UNSIGNED_PAYLOAD}, or none`
		: 'the SHA-256 of the body, or none: bodies are signed here';
	const found = unsigned ? `"${UNSIGNED_PAYLOAD}"` : 'malformed';
	throw refusal(rules, `X-Sdk-Content-Sha256 is ${found}, wanted ${wanted}`);
}

function refusal({ code, prefix }: SignatureRules, message: string): RuntimeError {
	return new RuntimeError(code, `${prefix}${message}`);
}
