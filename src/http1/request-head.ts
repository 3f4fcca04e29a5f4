/** Reads a request head (RFC 9112 sections 2 to 6) into what a gateway needs to forward it. */
import { isAuthority } from './authority.ts';
import { everyByteIn, TARGET, TOKEN } from './character-class.ts';
import type { Disposal, FieldLimits, FieldVisitor } from './field-scan.ts';
import { FieldFilter, scanFields } from './field-scan.ts';
import { FramingFields, HOP_BY_HOP, withoutNominated } from './framing-fields.ts';
import { malformed, ProtocolFault } from './protocol-fault.ts';

export interface RequestHead {
	readonly method: string;
	/** Path and query, byte for byte as they came (Latin-1 text); of an absolute-form target, that part of it. */
	readonly target: string;
	/** 0 or 1: HTTP/1.0 or HTTP/1.1. */
	readonly minorVersion: number;
	/** As records name it; what another version says is read as HTTP/1.1. */
	readonly protocol: 'HTTP/1.0' | 'HTTP/1.1' | 'HTTP/2.0';
	/** The authority asked for, or empty where an HTTP/1.0 client sent none. */
	readonly host: string;
	/** All field lines as they came, each with CRLF. */
	readonly fieldLines: string;
	/** True where one of them speaks to the gateway: see FieldRole. */
	readonly noted: boolean;
	/** The field lines to forward, each with CRLF, Host included where it was kept. */
	readonly kept: string;
	/** True where `kept` holds the Host line; false where the forwarder has to write one from `host`. */
	readonly hostKept: boolean;
	/** Bytes of the body: 0 or more by Content-Length, -1 where none came. */
	readonly contentLength: number;
	readonly chunked: boolean;
	readonly keepAlive: boolean;
	/** The protocol to upgrade to, in lower case, or empty. */
	readonly upgrade: string;
	readonly expectContinue: boolean;
}

export interface RequestLimits extends FieldLimits {
	readonly targetBytesMax: number;
}

/** `reserved`: the gateway itself sets it, a client may not. `noted`: it speaks to the gateway, and is forwarded. */
export type FieldRole = 'plain' | 'noted' | 'reserved';

/** The role of a field by its lower-case name. */
export type RoleOfField = (lowerName: string) => FieldRole;

/**
 * `text` is the head as Latin-1, from the request line to the CRLF before the empty line, that CRLF included.
 * Throws a ProtocolFault.
 */
export function parseRequestHead(text: string, limits: RequestLimits, roleOf: RoleOfField): RequestHead {
	const lineEnd = text.indexOf('\r\n');
	const methodEnd = text.indexOf(' ');
	const targetEnd = text.indexOf(' ', methodEnd + 1);
	if (methodEnd <= 0 || targetEnd <= methodEnd + 1 || targetEnd > lineEnd) {
		throw malformed('the request line is not: method, space, target, space, version');
	}
	if (!everyByteIn(text, TOKEN, 0, methodEnd)) throw malformed('the method is not a token');
	const method = methodOf(text, methodEnd);
	const minorVersion = parseVersion(text, targetEnd + 1, lineEnd);
	if (targetEnd - methodEnd - 1 > limits.targetBytesMax) {
		throw new ProtocolFault(
			'target-too-large',
			`the request target is longer than ${limits.targetBytesMax} bytes`,
		);
	}
	const asked = parseTarget(text, methodEnd + 1, targetEnd, method);
	const absolute = asked.charCodeAt(0) === SLASH ? null : parseAbsolute(asked);

	const fields = FIELDS;
	fields.reset(roleOf, absolute !== null);
	let kept = scanFields(text, lineEnd + 2, limits, fields);
	const { framing } = fields;
	framing.check();
	if (framing.chunked && minorVersion === 0) throw malformed('an HTTP/1.0 request is chunked');
	if (fields.hostCount > 1 || (fields.hostCount === 0 && minorVersion === 1)) {
		throw malformed(fields.hostCount === 0 ? 'no Host came' : 'Host came more than once');
	}
	if (framing.nominated !== null) kept = withoutNominated(kept, framing.nominated);
	return {
		method,
		target: absolute?.path ?? asked,
		minorVersion,
		protocol: minorVersion === 1 ? 'HTTP/1.1' : 'HTTP/1.0',
		host: absolute?.authority ?? fields.host,
		fieldLines: text.slice(lineEnd + 2),
		noted: fields.noted,
		kept,
		hostKept: fields.hostCount === 1 && absolute === null,
		contentLength: framing.contentLength,
		chunked: framing.chunked,
		keepAlive:
			minorVersion === 1 ? !framing.connectionClose : framing.connectionKeepAlive && !framing.connectionClose,
		upgrade: framing.connectionUpgrade && minorVersion === 1 ? framing.upgrade : '',
		expectContinue: fields.expectContinue && minorVersion === 1,
	};
}

/** Every name the request's visitor may want; `x` stands for the gateway's own headers. */
const FILTER = new FieldFilter([...HOP_BY_HOP, 'host', 'expect'], ['x']);

class RequestFields implements FieldVisitor {
	readonly filter = FILTER;
	readonly framing = new FramingFields();
	host = '';
	hostCount = 0;
	expectContinue = false;
	noted = false;
	#roleOf: RoleOfField = () => 'plain';
	#dropHost = false;

	reset(roleOf: RoleOfField, dropHost: boolean): void {
		this.framing.reset();
		this.host = '';
		this.hostCount = 0;
		this.expectContinue = false;
		this.noted = false;
		this.#roleOf = roleOf;
		this.#dropHost = dropHost;
	}

	field(lowerName: string, text: string, from: number, to: number): Disposal {
		if (lowerName === 'host') {
			const value = text.slice(from, to);
			if (!isAuthority(value)) throw malformed('Host is not a host name with an optional port');
			this.hostCount++;
			this.host = value;
			return this.#dropHost ? 'drop' : 'keep';
		}
		if (lowerName === 'expect') {
			if (text.slice(from, to).toLowerCase() !== '100-continue') {
				throw new ProtocolFault('expectation-unsupported', 'Expect is not 100-continue');
			}
			this.expectContinue = true;
			return 'drop';
		}
		if (this.framing.take(lowerName, text, from, to)) return 'drop';
		const role = this.#roleOf(lowerName);
		if (role === 'plain') return 'keep';
		this.noted = true;
		return role === 'reserved' ? 'drop' : 'keep';
	}
}

/** One for every head: each is read without a break. */
const FIELDS = new RequestFields();

/** Methods that are not cut out of every head anew. */
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'];

function methodOf(text: string, end: number): string {
	for (const method of METHODS) if (method.length === end && text.startsWith(method)) return method;
	return text.slice(0, end);
}

function parseVersion(text: string, from: number, to: number): number {
	if (to - from === 'HTTP/1.1'.length) {
		if (text.startsWith('HTTP/1.1', from)) return 1;
		if (text.startsWith('HTTP/1.0', from)) return 0;
	}
	const version = text.slice(from, to);
	if (/^HTTP\/\d\.\d$/.test(version)) {
		throw new ProtocolFault('version-unsupported', `${version} is neither HTTP/1.1 nor HTTP/1.0`);
	}
	throw malformed('the request line does not end in an HTTP version');
}

const SLASH = 0x2f;

/** The target as it came. CONNECT, and authority-form with it, is for proxies (RFC 9112 section 3.2.3). */
function parseTarget(text: string, from: number, to: number, method: string): string {
	if (!everyByteIn(text, TARGET, from, to))
		throw malformed('the request target holds a control byte, a space or #');
	if (method === 'CONNECT') throw malformed('CONNECT is for proxies');
	return text.slice(from, to);
}

interface AbsoluteTarget {
	readonly path: string;
	readonly authority: string;
}

/** Absolute-form, split (RFC 9112 section 3.2.2); `*` is not for us. */
function parseAbsolute(target: string): AbsoluteTarget {
	const absolute = /^https?:\/\/([^/?]+)(.*)$/is.exec(target);
	const authority = absolute?.[1];
	if (authority === undefined || authority.startsWith(':') || !isAuthority(authority)) {
		throw malformed('the request target is neither a path nor an http URL');
	}
	const path = absolute?.[2] ?? '';
	return { path: path.startsWith('/') ? path : `/${path}`, authority };
}
