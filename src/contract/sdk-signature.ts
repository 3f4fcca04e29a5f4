/**
 * SDK-HMAC-SHA256, by which clients of the platform's API sign a request (documented, API Request Signing Guide; the finer
 * points observed in the platform's own clients). Pure: text in, text out.
 *
 *   canonical request = method, path, query, signed headers, their names, SHA-256 of the body: each on a line
 *   signature         = HMAC(secret key, algorithm, date, [scope,] SHA-256 of the canonical request)
 *
 * Clients write one of two forms. `Access=AK` signs with the secret key itself. `Credential=AK/day/region/service/sdk_request`,
 * which Terraform's provider writes, adds that scope to what is signed, and signs with a key derived for it.
 */
import { Buffer } from 'node:buffer';
import { nodeCrypto } from './node-crypto.ts';

const ALGORITHM = 'SDK-HMAC-SHA256';
const AUTHORIZATION =
	/^SDK-HMAC-SHA256 (?:Access=([^\s,/]+)|Credential=([^\s,/]+)\/(\d{8}\/[^\s,/]*\/[^\s,/]*\/sdk_request)), *SignedHeaders=([^\s,]+), *Signature=([0-9a-f]{64})$/;
/** What decodeURIComponent takes: escapes of well-formed UTF-8 (RFC 3629 section 4). */
const ENCODED_UTF8 = new RegExp(
	`^(?:${[
		'[^%]',
		'%[0-7][0-9a-f]',
		'%(?:c[2-9a-f]|d[0-9a-f])T',
		'%e0%[ab][0-9a-f]T',
		'%e(?:[1-9a-c]|[ef])TT',
		'%ed%[89][0-9a-f]T',
		'%f0%[9ab][0-9a-f]TT',
		'%f[1-3]TTT',
		'%f4%8[0-9a-f]TT',
	]
		.join('|')
		.replaceAll('T', '%[89ab][0-9a-f]')})*$`,
	'i',
);
const DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** What a signature is made of and checked against, besides the body. */
export interface SignedHead {
	readonly method: string;
	/** Path and query as on the wire. */
	readonly url: string;
	/** By lower-case name. */
	readonly headers: Readonly<Record<string, string | undefined>>;
}

/** An Authorization header of this scheme, taken apart. */
export interface SdkAuthorization {
	readonly accessKey: string;
	/** `day/region/service/sdk_request`; null: the form without one. */
	readonly scope: string | null;
	/** Lower-case names, in the order in which they were signed. */
	readonly signedHeaders: readonly string[];
	/** 64 lower-case hexadecimal digits. */
	readonly signature: string;
}

export interface RequestToSign {
	readonly method: string;
	/** Absolute. */
	readonly url: string | URL;
	/** What else is sent, and is to be signed. */
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string | Uint8Array;
	readonly accessKey: string;
	readonly secretKey: string;
	/** Milliseconds since 1970. */
	readonly now: number;
}

/** The headers given and those that make them a signed request. `Host`, which the client's HTTP sends, is signed too. */
export function signRequest(request: RequestToSign): Record<string, string> {
	const { method, url, headers = {}, body = '', accessKey, secretKey, now } = request;
	const { host, pathname, search } = new URL(url);
	const date = sdkDate(now);
	const sent = { ...headers, 'X-Sdk-Date': date };
	const entries = Object.entries(sent).map(([name, value]) => [name.toLowerCase(), value] as const);
	const signed: Record<string, string> = { ...Object.fromEntries(entries), host };
	const signedHeaders = Object.keys(signed).toSorted();
	const payload = signed['x-sdk-content-sha256'] ?? sha256(body);
	const head = { method, url: `${pathname}${search}`, headers: signed };
	const canonical = canonicalRequest(head, canonicalPath(pathname), signedHeaders, payload);
	const signature = signatureOf(canonical, date, null, secretKey);
	const names = signedHeaders.join(';');
	return {
		...sent,
		Authorization: `${ALGORITHM} Access=${accessKey}, SignedHeaders=${names}, Signature=${signature}`,
	};
}

/** Null: not of this scheme, or not well formed. */
export function parseSdkAuthorization(text: string): SdkAuthorization | null {
	const [, access, credential, scope = null, names, signature] = AUTHORIZATION.exec(text) ?? [];
	const accessKey = access ?? credential;
	if (accessKey === undefined || names === undefined || signature === undefined) return null;
	return { accessKey, scope, signedHeaders: names.split(';'), signature };
}

/**
 * Whether who has the secret key signed this head and a body with this SHA-256 (`payload`, hexadecimal). Headers that were
 * signed and are absent make it false. Takes the same time however much of a wrong signature is right.
 */
export function isSignatureOf(
	authorization: SdkAuthorization,
	head: SignedHead,
	payload: string,
	secretKey: string,
): boolean {
	const { scope, signature, signedHeaders } = authorization;
	const date = headerOf(head, 'x-sdk-date');
	if (date === null || signedHeaders.some((name) => headerOf(head, name) === null)) return false;
	const { timingSafeEqual } = nodeCrypto();
	const given = Buffer.from(signature);
	let same = false;
	for (const path of canonicalPaths(pathOf(head.url))) {
		const canonical = canonicalRequest(head, path, signedHeaders, payload);
		const wanted = Buffer.from(signatureOf(canonical, date, scope, secretKey));
		if (given.length === wanted.length && timingSafeEqual(given, wanted)) same = true;
	}
	return same;
}

/** Null: not sent. The name may be anything a client wrote, `constructor` too. */
export function headerOf({ headers }: Pick<SignedHead, 'headers'>, name: string): string | null {
	return Object.hasOwn(headers, name) ? (headers[name] ?? null) : null;
}

/** `20260102T030405Z`. */
export function sdkDate(ms: number): string {
	return `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

/** Milliseconds since 1970; null: not such a date. */
export function parseSdkDate(text: string): number | null {
	const [whole, year, month, day, hour, minute, second] = DATE.exec(text) ?? [];
	if (whole === undefined) return null;
	const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
	// The 30th of February is taken for a day in March.
	return Number.isNaN(ms) || sdkDate(ms) !== text ? null : ms;
}

function signatureOf(canonical: string, date: string, scope: string | null, secretKey: string): string {
	const { createHmac } = nodeCrypto();
	const middle = scope === null ? date : `${date}\n${scope}`;
	const key = scope === null ? secretKey : scopedKey(scope, secretKey);
	return createHmac('sha256', key)
		.update(`${ALGORITHM}\n${middle}\n${sha256(canonical)}`)
		.digest('hex');
}

function scopedKey(scope: string, secretKey: string): Buffer {
	const { createHmac } = nodeCrypto();
	let key = Buffer.from(`SDK${secretKey}`);
	for (const part of scope.split('/')) key = createHmac('sha256', key).update(part).digest();
	return key;
}

function canonicalRequest(
	head: SignedHead,
	path: string,
	signedHeaders: readonly string[],
	payload: string,
): string {
	const { method, url } = head;
	let fields = '';
	for (const name of signedHeaders) fields += `${name}:${trimmed(headerOf(head, name) ?? '')}\n`;
	return `${method}\n${path}\n${canonicalQuery(queryOf(url))}\n${fields}\n${signedHeaders.join(';')}\n${payload}`;
}

/**
 * Of a path with `%` clients disagree: some sign the text it stands for, some sign it as it is on the wire. Both are taken,
 * except where the text holds a `%` itself: then one signature would fit two different paths.
 */
function canonicalPaths(path: string): string[] {
	if (!path.includes('%')) return [canonicalPath(path)];
	const decoded = path.split('/').map(decodeSegment);
	if (decoded.some((segment) => segment === null || segment.includes('%'))) return [canonicalPath(path)];
	return [canonicalPath(path), closed(decoded.map((segment) => encode(segment ?? '')).join('/'))];
}

function canonicalPath(path: string): string {
	return closed(path.split('/').map(encode).join('/'));
}

function closed(path: string): string {
	return path.endsWith('/') ? path : `${path}/`;
}

/** By name, then by value; nothing of the query is left out. */
function canonicalQuery(query: string): string {
	if (query === '') return '';
	return query
		.split('&')
		.map(nameAndValue)
		.toSorted(([nameA, a], [nameB, b]) => order(nameA, nameB) || order(a, b))
		.map(([name, value]) => `${encode(name)}=${encode(value)}`)
		.join('&');
}

function nameAndValue(part: string): readonly [string, string] {
	const equals = part.indexOf('=');
	if (equals === -1) return [decodeQuery(part), ''];
	return [decodeQuery(part.slice(0, equals)), decodeQuery(part.slice(equals + 1))];
}

function order(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

function pathOf(url: string): string {
	const mark = url.indexOf('?');
	return mark === -1 ? url : url.slice(0, mark);
}

function queryOf(url: string): string {
	const mark = url.indexOf('?');
	return mark === -1 ? '' : url.slice(mark + 1);
}

/** RFC 3986: all but letters, digits and `-._~`. */
function encode(text: string): string {
	if (/^[\w.~-]*$/.test(text)) return text;
	// One sign after the other: a function called for each of thousands takes milliseconds.
	return encodeURIComponent(text)
		.replaceAll('!', '%21')
		.replaceAll("'", '%27')
		.replaceAll('(', '%28')
		.replaceAll(')', '%29')
		.replaceAll('*', '%2A');
}

function decodeSegment(segment: string): string | null {
	if (!segment.includes('%')) return segment;
	// Asked first: a thousand errors thrown and caught take milliseconds.
	return ENCODED_UTF8.test(segment) ? decodeURIComponent(segment) : null;
}

/** What is no proper encoding stands for itself. */
function decodeQuery(text: string): string {
	const spaced = text.replaceAll('+', ' ');
	return decodeSegment(spaced) ?? spaced;
}

/** Blanks as HTTP has them, which no transport keeps; other white space is part of the value. */
function trimmed(value: string): string {
	// No regular expression: one that looks for the end takes the square of a long run of blanks.
	let start = 0;
	let end = value.length;
	while (start < end && isBlank(value.charCodeAt(start))) start++;
	while (end > start && isBlank(value.charCodeAt(end - 1))) end--;
	return value.slice(start, end);
}

function isBlank(code: number): boolean {
	return code === 0x20 || code === 0x09;
}

function sha256(content: string | Uint8Array): string {
	return nodeCrypto().hash('sha256', content, 'hex');
}
