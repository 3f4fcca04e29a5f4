/**
 * An APIG event as a request, and a request as an APIG event. The body is not here: it can be large, so it is found
 * by `EventScanner` and read as a span of the input.
 */
import { Buffer } from 'node:buffer';
import { RuntimeError } from './errors.ts';
import { eventTarget } from './event-target.ts';
import { badFieldCharacter, isFieldName, textFromWire, wireFromText } from './header-text.ts';
import { isReservedRequestHeader } from './headers.ts';
import { isObject, kindOf } from './kind-of.ts';
import { LIMITS } from './limits.ts';
import { apigRequestId, newRequestId } from './request-id.ts';

export interface EventHead {
	readonly method: string;
	/** Origin form: path and query, percent-encoded. */
	readonly target: string;
	/** Latin-1 lines, `Name: value\r\n` each, with exactly one Host; framing, hop-by-hop and reserved fields left out. */
	readonly fieldLines: string;
	readonly bodyIsBase64: boolean;
}

export interface EventRequest {
	readonly method: string;
	/** Path with an optional query, percent-encoded. */
	readonly path: string;
	readonly headers: ReadonlyArray<readonly [string, string]>;
	/** Text stands for its UTF-8 bytes; null for none. */
	readonly body: Uint8Array | string | null;
}

/** An event's JSON text is `head`, then `body` in Base64, then `tail`. */
export interface EventParts {
	readonly head: string;
	readonly body: Uint8Array;
	readonly tail: string;
}

type Pairs = Array<readonly [string, string]>;

/** Fields of one connection, or of a body's framing, which are not the sender's to choose here (RFC 9110 section 7.6.1). */
const HOP_FIELDS: ReadonlySet<string> = new Set([
	'connection',
	'content-length',
	'expect',
	'keep-alive',
	'proxy-connection',
	'te',
	'trailer',
	'transfer-encoding',
	'upgrade',
]);

/** `event` is the parsed event without its body. ERR_EVENT_INVALID names the first field that is wrong. */
export function eventHead(event: unknown): EventHead {
	if (!isObject(event)) throw invalid('the event', kindOf(event), 'an object');
	const method = requiredText(event, 'httpMethod');
	if (!isFieldName(method) || method === 'CONNECT') {
		throw invalid('httpMethod', kindOf(method), 'a method such as GET');
	}
	const path = requiredText(event, 'path');
	if (!path.startsWith('/')) throw invalid('path', kindOf(path), 'a path that begins with "/"');

	const query = pairs(event, 'queryStringParameters');
	const flag = event.isBase64Encoded;
	if (flag !== undefined && typeof flag !== 'boolean') {
		throw invalid('isBase64Encoded', kindOf(flag), 'true or false');
	}
	return {
		method,
		target: eventTarget(path, query),
		fieldLines: fieldLines(pairs(event, 'headers')),
		bodyIsBase64: flag === true,
	};
}

/** The event that the platform's gateway would build from a request. ERR_EVENT_INVALID as `eventHead`. */
export function buildEvent(request: EventRequest): EventParts {
	const cut = request.path.indexOf('?');
	const path = cut === -1 ? request.path : request.path.slice(0, cut);
	const query = cut === -1 ? [] : [...new URLSearchParams(request.path.slice(cut + 1))];
	const event = {
		httpMethod: request.method,
		path,
		pathParameters: {},
		queryStringParameters: grouped(query),
		headers: grouped(request.headers.map(([name, value]) => [name.toLowerCase(), textFromWire(value)])),
		requestContext: { requestId: apigRequestId(newRequestId()), stage: 'RELEASE', sourceIp: '127.0.0.1' },
		isBase64Encoded: true,
	};
	// Refuses here what could not be read back.
	eventHead(event);
	const body = typeof request.body === 'string' ? Buffer.from(request.body, 'utf8') : request.body;
	return {
		head: `${JSON.stringify(event).slice(0, -1)},"body":"`,
		body: body ?? new Uint8Array(0),
		tail: '"}',
	};
}

function fieldLines(headers: Pairs): string {
	const hops = new Set(HOP_FIELDS);
	for (const [name, value] of headers) {
		if (name.toLowerCase() !== 'connection') continue;
		for (const option of value.split(',')) hops.add(option.trim().toLowerCase());
	}
	let lines = '';
	let hosts = 0;
	let count = 0;
	for (const [name, value] of headers) {
		if (!isFieldName(name)) throw invalid(`headers, ${JSON.stringify(name)}`, 'this name', 'a field name');
		const lowerName = name.toLowerCase();
		if (lowerName === 'host') hosts++;
		else if (hops.has(lowerName) || isReservedRequestHeader(lowerName)) continue;
		lines += fieldLine(name, value);
		count++;
	}
	if (hosts > 1) throw invalid('headers, "host"', `${hosts} values`, 'one');
	if (hosts === 0) {
		lines = `host: localhost\r\n${lines}`;
		count++;
	}
	if (count > LIMITS.headerCountMax || lines.length > LIMITS.headBytesMax) {
		const found = `${count} fields in ${lines.length} bytes`;
		throw tooLarge(found, `${LIMITS.headerCountMax} fields in ${LIMITS.headBytesMax} bytes`);
	}
	return lines;
}

function fieldLine(name: string, value: string): string {
	const wire = wireFromText(value);
	if (badFieldCharacter(wire) !== -1) {
		throw invalid(`headers, ${JSON.stringify(name)}`, 'a control character', 'text without any');
	}
	const line = `${name}: ${wire}\r\n`;
	if (line.length > LIMITS.headerLineBytesMax) {
		throw tooLarge(`${line.length} bytes in ${JSON.stringify(name)}`, `${LIMITS.headerLineBytesMax} bytes`);
	}
	return line;
}

/** An object of text, or lists of text, as pairs; a list makes one pair a value. */
function pairs(event: Record<string, unknown>, field: string): Pairs {
	const found = event[field];
	if (found === undefined || found === null) return [];
	if (!isObject(found)) throw invalid(field, kindOf(found), 'an object');
	const result: Pairs = [];
	for (const [name, value] of Object.entries(found)) {
		for (const item of Array.isArray(value) ? value : [value]) {
			if (typeof item !== 'string') {
				throw invalid(`${field}, ${JSON.stringify(name)}`, kindOf(item), 'text or a list of text');
			}
			if (!name.isWellFormed() || !item.isWellFormed()) {
				throw invalid(`${field}, ${JSON.stringify(name)}`, 'half a surrogate pair', 'Unicode text');
			}
			result.push([name, item]);
		}
	}
	return result;
}

/** One value stays text, several become a list, as the platform's gateway writes them. */
function grouped(items: Pairs): Record<string, string | string[]> {
	const groups = new Map<string, string[]>();
	for (const [name, value] of items) groups.set(name, [...(groups.get(name) ?? []), value]);
	return Object.fromEntries(
		[...groups].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
	);
}

function requiredText(event: Record<string, unknown>, field: string): string {
	const found = event[field];
	if (typeof found !== 'string' || !found.isWellFormed()) throw invalid(field, kindOf(found), 'text');
	return found;
}

function invalid(field: string, found: string, wanted: string): RuntimeError {
	return new RuntimeError('ERR_EVENT_INVALID', `Could not read ${field}: found ${found}, wanted ${wanted}`);
}

function tooLarge(found: string, wanted: string): RuntimeError {
	return new RuntimeError(
		'ERR_HEADERS_TOO_LARGE',
		`Could not read headers: found ${found}, wanted at most ${wanted}`,
	);
}
