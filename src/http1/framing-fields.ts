/**
 * The fields that requests and responses share: those that say how long the body is and what becomes of the
 * connection (RFC 9112 sections 6 and 9). They are hop-by-hop or rewritten, so they are never kept as they came.
 */
import { isAt } from './field-scan.ts';
import { malformed, ProtocolFault } from './protocol-fault.ts';
import { trimBlanks } from './trim-blanks.ts';

/** Names every forwarder removes (RFC 9110 section 7.6.1), beside those listed in Connection. */
export const HOP_BY_HOP: readonly string[] = [
	'connection',
	'content-length',
	'keep-alive',
	'proxy-authenticate',
	'proxy-authorization',
	'proxy-authentication-info',
	'proxy-connection',
	'te',
	'trailer',
	'transfer-encoding',
	'upgrade',
];

export class FramingFields {
	/** Bytes, or -1 where no Content-Length came. */
	contentLength = -1;
	chunked = false;
	connectionClose = false;
	connectionKeepAlive = false;
	connectionUpgrade = false;
	/** The value of Upgrade in lower case, or empty. */
	upgrade = '';
	/** Seconds the peer promised to keep the connection, or -1. */
	keepAliveSeconds = -1;
	/** Other names listed in Connection, which go with it; null where there are none, as nearly always. */
	nominated: Set<string> | null = null;

	/** Makes ready for another head. */
	reset(): void {
		this.contentLength = -1;
		this.chunked = false;
		this.connectionClose = false;
		this.connectionKeepAlive = false;
		this.connectionUpgrade = false;
		this.upgrade = '';
		this.keepAliveSeconds = -1;
		this.nominated = null;
	}

	/** Takes a hop-by-hop field, whose value stands in `text` from `from` up to `to`; answers false for any other name. */
	take(lowerName: string, text: string, from = 0, to = text.length): boolean {
		switch (lowerName) {
			case 'connection':
				this.#takeConnection(text, from, to);
				return true;
			case 'content-length':
				this.#takeContentLength(text, from, to);
				return true;
			case 'transfer-encoding':
				this.#takeTransferEncoding(text.slice(from, to));
				return true;
			case 'upgrade':
				this.upgrade = text.slice(from, to).toLowerCase();
				return true;
			case 'keep-alive':
				this.keepAliveSeconds = Number(PROMISED.exec(text.slice(from, to))?.[1] ?? -1);
				return true;
			default:
				// Servers in the manner of CGI fold `_` and `-` into one name: Content_Length would pass for the real one.
				return HOP_BY_HOP_SET.has(lowerName.replaceAll('_', '-'));
		}
	}

	/** Both a length and a coding: the classic smuggling request (RFC 9112 section 6.3, item 3). */
	check(): void {
		if (this.chunked && this.contentLength >= 0) {
			throw malformed('both Content-Length and Transfer-Encoding came');
		}
	}

	#takeConnection(text: string, from: number, to: number): void {
		// Alone, as nearly always.
		if (to - from === KEEP_ALIVE.length && isAt(text, from, KEEP_ALIVE)) {
			this.connectionKeepAlive = true;
			return;
		}
		for (const part of text.slice(from, to).split(',')) {
			const option = trimBlanks(part).toLowerCase();
			if (option === KEEP_ALIVE) this.connectionKeepAlive = true;
			else if (option === 'close') this.connectionClose = true;
			else if (option === 'upgrade') this.connectionUpgrade = true;
			else if (option !== '') this.#nominate(option);
		}
	}

	#nominate(lowerName: string): void {
		this.nominated ??= new Set();
		this.nominated.add(lowerName);
	}

	#takeContentLength(text: string, from: number, to: number): void {
		if (this.contentLength >= 0) throw malformed('Content-Length came more than once');
		const length = decimal(text, from, to);
		if (length < 0) throw malformed('Content-Length is not a plain decimal number');
		this.contentLength = length;
	}

	#takeTransferEncoding(value: string): void {
		if (this.chunked) throw malformed('Transfer-Encoding came more than once');
		if (value.toLowerCase() !== 'chunked') {
			throw new ProtocolFault('transfer-coding-unknown', 'Transfer-Encoding is not exactly chunked');
		}
		this.chunked = true;
	}
}

const HOP_BY_HOP_SET = new Set(HOP_BY_HOP);
const KEEP_ALIVE = 'keep-alive';
const PROMISED = /(?:^|[,;\s])timeout=(\d{1,6})/i;
/** Any longer number might not be exact. */
const DIGITS_MAX = 15;

/** -1 where there stands anything but 1 to 15 digits. */
function decimal(text: string, from: number, to: number): number {
	if (to === from || to - from > DIGITS_MAX) return -1;
	let number = 0;
	for (let i = from; i < to; i++) {
		const digit = text.charCodeAt(i) - 0x30;
		if (digit < 0 || digit > 9) return -1;
		number = number * 10 + digit;
	}
	return number;
}

/** Removes the fields that Connection nominated: rare, so it takes a second pass instead of burdening the first. */
export function withoutNominated(kept: string, nominated: ReadonlySet<string>): string {
	let rest = '';
	for (const line of kept.split('\r\n')) {
		if (line === '') continue;
		const name = line.slice(0, line.indexOf(':')).toLowerCase();
		if (name === 'host' || !nominated.has(name)) rest += `${line}\r\n`;
	}
	return rest;
}
