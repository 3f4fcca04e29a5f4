/** Reads a response head (RFC 9112 section 4) into what a gateway needs to pass it on. */
import { everyByteIn, FIELD_VALUE } from './character-class.ts';
import type { Disposal, FieldLimits, FieldVisitor } from './field-scan.ts';
import { FieldFilter, scanFields } from './field-scan.ts';
import { FramingFields, HOP_BY_HOP, withoutNominated } from './framing-fields.ts';
import { malformed } from './protocol-fault.ts';

export interface ResponseHead {
	readonly status: number;
	/** What follows the status code, possibly empty (Latin-1 text). */
	readonly reason: string;
	/** The field lines to pass on, each with CRLF. */
	readonly kept: string;
	readonly contentLength: number;
	readonly chunked: boolean;
	/** True where the peer will take another request on this connection. */
	readonly keepAlive: boolean;
	/** Seconds the peer promised to wait for it, or -1. */
	readonly keepAliveSeconds: number;
	readonly upgrade: string;
}

/** The reason of most responses. */
export const OK = 'OK';

/** Says whether a field, by its lower-case name, is one the gateway itself sets and a function may not. */
export type ReservedField = (lowerName: string) => boolean;

/** `text` as in parseRequestHead. Throws a ProtocolFault. */
export function parseResponseHead(text: string, limits: FieldLimits, reserved: ReservedField): ResponseHead {
	const lineEnd = text.indexOf('\r\n');
	const minorVersion = text.charCodeAt(7) - 0x30;
	if (
		!text.startsWith('HTTP/1.') ||
		(minorVersion !== 0 && minorVersion !== 1) ||
		text.charCodeAt(8) !== 0x20
	) {
		throw malformed('the status line does not begin with HTTP/1.1 or HTTP/1.0');
	}
	const status = parseStatus(text);
	const reason = parseReason(text, lineEnd);
	FIELDS.reset(reserved);
	let kept = scanFields(text, lineEnd + 2, limits, FIELDS);
	const { framing } = FIELDS;
	framing.check();
	if (framing.chunked && minorVersion === 0) throw malformed('an HTTP/1.0 response is chunked');
	if (framing.nominated !== null) kept = withoutNominated(kept, framing.nominated);
	return {
		status,
		reason,
		kept,
		contentLength: framing.contentLength,
		chunked: framing.chunked,
		keepAlive:
			minorVersion === 1 ? !framing.connectionClose : framing.connectionKeepAlive && !framing.connectionClose,
		keepAliveSeconds: framing.keepAliveSeconds,
		upgrade: framing.connectionUpgrade ? framing.upgrade : '',
	};
}

/** True where no body can follow, whatever the head says (RFC 9112 section 6.3, items 1 and 2). */
export function isBodiless(status: number, requestMethod: string): boolean {
	return status < 200 || status === 204 || status === 304 || requestMethod === 'HEAD';
}

const FILTER = new FieldFilter(HOP_BY_HOP, ['x']);

class ResponseFields implements FieldVisitor {
	readonly filter = FILTER;
	readonly framing = new FramingFields();
	#reserved: ReservedField = () => false;

	reset(reserved: ReservedField): void {
		this.framing.reset();
		this.#reserved = reserved;
	}

	field(lowerName: string, text: string, from: number, to: number): Disposal {
		return this.framing.take(lowerName, text, from, to) || this.#reserved(lowerName) ? 'drop' : 'keep';
	}
}

/** One for every head: each is read without a break. */
const FIELDS = new ResponseFields();

function parseStatus(text: string): number {
	const hundreds = digitAt(text, 9);
	const tens = digitAt(text, 10);
	const ones = digitAt(text, 11);
	if (hundreds < 1 || hundreds > 5 || tens < 0 || ones < 0)
		throw malformed('the status code is not three digits from 100 to 599');
	return hundreds * 100 + tens * 10 + ones;
}

/** -1 where there is none. */
function digitAt(text: string, at: number): number {
	const digit = text.charCodeAt(at) - 0x30;
	return digit >= 0 && digit <= 9 ? digit : -1;
}

function parseReason(text: string, lineEnd: number): string {
	if (lineEnd === 12) return '';
	if (text.charCodeAt(12) !== 0x20) throw malformed('no space follows the status code');
	if (lineEnd - 13 === OK.length && text.startsWith(OK, 13)) return OK;
	if (!everyByteIn(text, FIELD_VALUE, 13, lineEnd)) throw malformed('the reason phrase holds a control byte');
	return text.slice(13, lineEnd);
}
