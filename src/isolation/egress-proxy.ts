/**
 * What a program says to the proxy of its place, where the kernel can not redirect: CONNECT for a tunnel, or one request whose
 * target is an http URL. Pure: bytes in, what to do out. A connection carries one request: the next may be for another
 * destination, so the forwarded head says `Connection: close`.
 */
import { LIMITS } from '../contract/limits.ts';
import { isAuthority } from '../http1/authority.ts';
import { HeadBuffer } from '../http1/head-buffer.ts';
import { malformed } from '../http1/protocol-fault.ts';
import { parseRequestHead, type RequestHead } from '../http1/request-head.ts';

export interface ProxyRequest {
	/** A name or an address, without brackets. */
	readonly host: string;
	readonly port: number;
	/** For the client, once the destination is connected; empty where the destination answers. */
	readonly greeting: Buffer;
	/** For the destination: the head as it wants it, and what came after. */
	readonly forward: Buffer;
}

const HTTP_PORT = 80;
const PORT_MAX = 65_535;
const REASONS = {
	400: 'Bad Request',
	403: 'Forbidden',
	502: 'Bad Gateway',
	503: 'Service Unavailable',
} as const;
const HEAD_LIMITS = {
	targetBytesMax: LIMITS.targetBytesMax,
	lineBytesMax: LIMITS.headerLineBytesMax,
	countMax: LIMITS.headerCountMax,
};

export class ProxyHead {
	readonly #heads = new HeadBuffer(LIMITS.headBytesMax + LIMITS.targetBytesMax);

	/** Null while the head is incomplete; call no more after a request. Throws a ProtocolFault. */
	push(bytes: Buffer): ProxyRequest | null {
		const text = this.#heads.push(bytes, 0);
		if (text === null) return null;
		const rest = this.#heads.rest.subarray(this.#heads.restFrom);
		return text.startsWith('CONNECT ') ? tunnelRequest(text, rest) : plainRequest(text, rest);
	}
}

/** An answer that ends the connection. `reason` stands in its body. */
export function proxyRefusal(status: keyof typeof REASONS, reason: string): Buffer {
	const body = Buffer.from(`httpfn: ${reason}\n`);
	const head = `HTTP/1.1 ${status} ${REASONS[status]}\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
	return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}

/** Variables that most programs and libraries look at, in the spellings that they look for. */
export function proxyEnvironment(port: number): Record<string, string> {
	const proxy = `http://127.0.0.1:${port}`;
	const own = '127.0.0.1,localhost,::1';
	return {
		HTTP_PROXY: proxy,
		HTTPS_PROXY: proxy,
		ALL_PROXY: proxy,
		NO_PROXY: own,
		http_proxy: proxy,
		https_proxy: proxy,
		all_proxy: proxy,
		no_proxy: own,
	};
}

/** RFC 9110 section 9.3.6. Its fields mean nothing here. */
function tunnelRequest(text: string, rest: Buffer): ProxyRequest {
	const authority = /^CONNECT (\S+) HTTP\/1\.[01]\r\n/.exec(text)?.[1];
	if (authority === undefined) throw malformed('the request line is not: CONNECT, host:port, version');
	const greeting = Buffer.from('HTTP/1.1 200 Connection established\r\n\r\n', 'latin1');
	return { ...destination(authority, null), greeting, forward: rest };
}

/** RFC 9112 section 3.2.2. */
function plainRequest(text: string, rest: Buffer): ProxyRequest {
	const head = parseRequestHead(text, HEAD_LIMITS, () => 'plain');
	if (!/^\S+ http:/i.test(text)) throw malformed('the target is no http URL: this is a proxy');
	const forward = Buffer.concat([Buffer.from(forwardedHead(head), 'latin1'), rest]);
	return { ...destination(head.host, HTTP_PORT), greeting: Buffer.alloc(0), forward };
}

function forwardedHead(head: RequestHead): string {
	let lines = `${head.method} ${head.target} HTTP/1.${head.minorVersion}\r\nHost: ${head.host}\r\n${head.kept}`;
	if (head.chunked) lines += 'Transfer-Encoding: chunked\r\n';
	if (head.contentLength >= 0) lines += `Content-Length: ${head.contentLength}\r\n`;
	if (head.expectContinue) lines += 'Expect: 100-continue\r\n';
	return `${lines}Connection: close\r\n\r\n`;
}

function destination(authority: string, portDefault: number | null): { host: string; port: number } {
	const found = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(authority);
	const host = found?.[1] ?? found?.[2];
	if (host === undefined || !isAuthority(authority)) throw malformed('the destination is no host');
	const port = found?.[3] === undefined ? portDefault : Number(found[3]);
	if (port === null || port < 1 || port > PORT_MAX) throw malformed('the destination has no port');
	return { host, port };
}
