/**
 * The fields of a request (RFC 9113 section 8) as the head of the HTTP/1.1 request that says the same, so that one judge reads the
 * heads of all requests. Here is only what HTTP/2 alone demands, and that no name or value can pass for more than it is.
 */
import { Http2Fault } from './http2-fault.ts';

const METHOD = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** No blank, no control byte; the judge looks closer. */
const TARGET = /^[^\0-\x20\x7f]+$/;
const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
/** Control bytes but tab, and blanks at the ends (section 8.2.1). */
const BAD_VALUE = /[\0-\x08\x0a-\x1f\x7f]|^[ \t]|[ \t]$/;
/** Sections 8.2.2: of the connection, which HTTP/2 manages by frames. */
const CONNECTION_NAMES: ReadonlySet<string> = new Set([
	'connection',
	'keep-alive',
	'proxy-connection',
	'transfer-encoding',
	'upgrade',
]);

interface Pseudo {
	method: string | null;
	scheme: string | null;
	authority: string | null;
	path: string | null;
}

/** `pairs` are names and values in turn. Answers the head up to the CRLF before its empty line. Throws PROTOCOL_ERROR of the stream. */
export function requestText(streamId: number, pairs: readonly string[]): string {
	const pseudo: Pseudo = { method: null, scheme: null, authority: null, path: null };
	const at = takePseudo(streamId, pairs, pseudo);
	const { method, authority } = pseudo;
	if (method === null || !METHOD.test(method)) throw malformed(streamId, ':method is not a token');
	if (authority !== null && !TARGET.test(authority)) throw malformed(streamId, ':authority is not a host');
	const target = method === 'CONNECT' ? connectTarget(streamId, pseudo) : pathTarget(streamId, pseudo);
	const hostLine = authority === null ? '' : `host: ${authority}\r\n`;
	return `${method} ${target} HTTP/1.1\r\n${hostLine}${fieldLines(streamId, pairs, at, authority)}`;
}

/** Fields after a body (section 8.1): nobody gets them, but they have to be what they are. Throws PROTOCOL_ERROR of the stream. */
export function judgeTrailers(streamId: number, pairs: readonly string[]): void {
	fieldLines(streamId, pairs, 0, null);
}

function pathTarget(streamId: number, { method, scheme, path }: Pseudo): string {
	if (scheme === null || path === null) throw malformed(streamId, ':scheme or :path is missing');
	if (scheme !== 'http' && scheme !== 'https') throw malformed(streamId, ':scheme is neither http nor https');
	const whole = method === 'OPTIONS' && path === '*';
	if (TARGET.test(path) && (path.startsWith('/') || whole)) return path;
	throw malformed(streamId, ':path is not a path');
}

/** Section 8.5. What becomes of such a request is the judge's business. */
function connectTarget(streamId: number, { scheme, authority, path }: Pseudo): string {
	if (scheme === null && path === null && authority !== null) return authority;
	throw malformed(streamId, 'CONNECT has a :scheme or :path, or no :authority');
}

/** Answers where the other fields begin. */
function takePseudo(streamId: number, pairs: readonly string[], pseudo: Pseudo): number {
	for (let at = 0; at < pairs.length; at += 2) {
		const name = pairs[at] ?? '';
		if (!name.startsWith(':')) return at;
		const key = name.slice(1);
		if (key !== 'method' && key !== 'scheme' && key !== 'authority' && key !== 'path') {
			throw malformed(streamId, 'an unknown pseudo-header field came');
		}
		if (pseudo[key] !== null) throw malformed(streamId, `:${key} came more than once`);
		pseudo[key] = pairs[at + 1] ?? '';
	}
	return pairs.length;
}

function fieldLines(
	streamId: number,
	pairs: readonly string[],
	from: number,
	authority: string | null,
): string {
	let lines = '';
	let cookies = '';
	for (let at = from; at < pairs.length; at += 2) {
		const [name = '', value = ''] = [pairs[at], pairs[at + 1]];
		if (!NAME.test(name)) throw malformed(streamId, 'a field name is not a token in lower case');
		if (BAD_VALUE.test(value)) throw malformed(streamId, `${name} has a value that no field may have`);
		if (CONNECTION_NAMES.has(name)) throw malformed(streamId, `${name} is a field of HTTP/1.1 connections`);
		if (name === 'te' && value !== 'trailers') throw malformed(streamId, 'te is not exactly trailers');
		if (name === 'cookie') {
			// A client may send its crumbs apart (section 8.2.3); HTTP/1.1 has them in one line.
			cookies += cookies === '' ? value : `; ${value}`;
		} else if (name === 'host' && authority !== null) {
			if (value.toLowerCase() !== authority.toLowerCase()) {
				throw malformed(streamId, 'host is not what :authority is');
			}
		} else {
			lines += `${name}: ${value}\r\n`;
		}
	}
	return cookies === '' ? lines : `${lines}cookie: ${cookies}\r\n`;
}

function malformed(streamId: number, message: string): Http2Fault {
	return new Http2Fault('PROTOCOL_ERROR', streamId, message);
}
