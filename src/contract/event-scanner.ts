/**
 * Reads a JSON object whose top-level member `body` may be huge (an APIG event, an envelope) without holding it.
 * The bytes stream through. All but the content of `body` are kept, at most 1 MiB, and parsed at the end; of the body
 * only its place in the input is noted, for whoever reads the input again.
 *
 *   between ──"──▶ text ──"──▶ between        between ──"── (value of `body`) ──▶ body ──"──▶ between
 *
 * The rest is valid JSON exactly where the input is, given that the body's content is valid: that is checked by the
 * decoder that reads it (Base64, or `jsonStringBytes`). Nesting, escaped names, any order of members and any
 * split of the input are understood; a second `body`, or one that is neither text nor null, is refused.
 */
import { Buffer } from 'node:buffer';
import { errorText } from '../base/error-text.ts';
import { type ErrorCode, RuntimeError } from './errors.ts';
import { isObject, kindOf } from './kind-of.ts';
import { LIMITS } from './limits.ts';

/** Byte offsets of the content of the body's string in the whole input, without its quotes. */
export interface BodySpan {
	readonly start: number;
	readonly end: number;
	/** Holds a backslash: to be read through `jsonStringBytes`, even where it is Base64 (`\/` is how PHP writes `/`). */
	readonly escaped: boolean;
}

export interface ScannedEvent {
	/** The input parsed, with the body's content left out (`""`, or null where it was null). */
	readonly rest: Record<string, unknown>;
	/** Null where the input has no body, or a null one. */
	readonly body: BodySpan | null;
}

type Place = 'between' | 'text' | 'body';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const BODY_KEY = Buffer.from('"body"');
const UTF8_STRICT = new TextDecoder('utf-8', { fatal: true });

export class EventScanner {
	readonly #code: ErrorCode;
	#place: Place = 'between';
	/** Bytes of earlier pushes. */
	#offset = 0;
	#depth = 0;
	/** The next string at depth 1 is a member's name. */
	#nameNext = false;
	/** The string being read is a member's name; it begins here in #kept. */
	#nameStart = -1;
	/** The member whose value is read now is `body`. */
	#inBodyMember = false;
	#bodyMembers = 0;
	/** An odd number of backslashes ended the last push. */
	#backslashOpen = false;
	#body: { start: number; end: number; escaped: boolean } | null = null;
	#kept = Buffer.alloc(4096);
	#keptLength = 0;

	/** `code` is what a refusal carries: ERR_EVENT_INVALID, or ERR_ENVELOPE_INVALID for what a function returned. */
	constructor(code: 'ERR_EVENT_INVALID' | 'ERR_ENVELOPE_INVALID' = 'ERR_EVENT_INVALID') {
		this.#code = code;
	}

	/** `bytes` may be reused by the caller afterwards. After a throw the scanner is of no more use. */
	push(bytes: Uint8Array): void {
		const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		let at = 0;
		while (at < chunk.length) {
			switch (this.#place) {
				case 'between':
					at = this.#readBetween(chunk, at);
					break;
				case 'text':
					at = this.#readText(chunk, at);
					break;
				case 'body':
					at = this.#readBody(chunk, at);
					break;
				default:
					this.#place satisfies never;
			}
		}
		this.#offset += chunk.length;
	}

	/** Ends the input. Throws where it was not one JSON object with at most one body of text. */
	end(): ScannedEvent {
		if (this.#place === 'body') throw this.#refusal('the end of input inside "body"', 'a closing quote');
		let rest: unknown;
		try {
			rest = JSON.parse(UTF8_STRICT.decode(this.#kept.subarray(0, this.#keptLength)));
		} catch (error) {
			const why = errorText(error);
			throw this.#refusal(`text that is not JSON (${why})`, 'one JSON object', error);
		}
		if (!isObject(rest)) throw this.#refusal(kindOf(rest), 'one JSON object');
		const { body } = rest;
		if (body !== undefined && body !== null && body !== '') {
			throw this.#refusal(`${kindOf(body)} as "body"`, 'text or null');
		}
		return { rest, body: this.#body };
	}

	/** Structure and white space, up to the first byte of a string. Answers where it stopped. */
	#readBetween(chunk: Buffer, from: number): number {
		let at = from;
		for (; at < chunk.length; at++) {
			const byte = chunk[at] ?? 0;
			if (byte === QUOTE) break;
			if (byte > 0x20) this.#take(byte);
		}
		if (at === chunk.length) {
			this.#keep(chunk.subarray(from, at));
			return at;
		}
		if (this.#depth === 0) throw this.#refusal('a string', 'one JSON object');
		const isName = this.#depth === 1 && this.#nameNext;
		this.#nameStart = isName ? this.#keptLength + at - from : -1;
		this.#keep(chunk.subarray(from, at + 1));
		const isBody = !isName && this.#depth === 1 && this.#inBodyMember;
		if (isBody) {
			const start = this.#offset + at + 1;
			this.#body = { start, end: start, escaped: false };
		}
		this.#place = isBody ? 'body' : 'text';
		return at + 1;
	}

	/** One byte of structure, or of a number or literal. */
	#take(byte: number): void {
		// 0x7b and 0x5b open, 0x7d and 0x5d close: braces and brackets count alike, JSON.parse tells them apart.
		const opens = byte === 0x7b || byte === 0x5b;
		if (this.#depth === 0 && byte !== 0x7b) {
			throw this.#refusal(`byte 0x${byte.toString(16)} outside an object`, 'one JSON object');
		}
		if (opens) {
			this.#depth++;
			if (this.#depth === 1) this.#nameNext = true;
			return;
		}
		if (byte === 0x7d || byte === 0x5d) {
			this.#depth--;
			return;
		}
		if (this.#depth !== 1) return;
		if (byte === COLON) this.#nameNext = false;
		if (byte === COMMA) {
			this.#nameNext = true;
			this.#inBodyMember = false;
		}
	}

	#readText(chunk: Buffer, from: number): number {
		const quote = this.#closingQuote(chunk, from);
		if (quote === -1) {
			this.#keep(chunk.subarray(from));
			return chunk.length;
		}
		this.#keep(chunk.subarray(from, quote + 1));
		this.#place = 'between';
		if (this.#nameStart !== -1 && this.#isBodyName()) {
			this.#bodyMembers++;
			if (this.#bodyMembers > 1) throw this.#refusal('"body" twice', 'it once');
			this.#inBodyMember = true;
		}
		return quote + 1;
	}

	#readBody(chunk: Buffer, from: number): number {
		const quote = this.#closingQuote(chunk, from);
		const end = quote === -1 ? chunk.length : quote;
		if (this.#body !== null) {
			this.#body.end = this.#offset + end;
			this.#body.escaped ||= chunk.subarray(from, end).includes(BACKSLASH);
		}
		if (quote === -1) return end;
		this.#keep(chunk.subarray(quote, quote + 1));
		this.#place = 'between';
		return quote + 1;
	}

	/** The first quote that no backslash escapes, or -1. Searches natively: the cost is that of reading memory. */
	#closingQuote(chunk: Buffer, from: number): number {
		for (let start = from; ; ) {
			const quote = chunk.indexOf(QUOTE, start);
			const stop = quote === -1 ? chunk.length : quote;
			let before = stop;
			while (before > start && chunk[before - 1] === BACKSLASH) before--;
			const open = before === from && this.#backslashOpen;
			const odd = (stop - before) % 2 === 1;
			const escaped = odd !== open;
			if (quote === -1 || !escaped) {
				this.#backslashOpen = quote === -1 && escaped;
				return quote;
			}
			start = quote + 1;
		}
	}

	/** The name may be written with escapes: `"b\u006fdy"` is `body` to every JSON parser. */
	#isBodyName(): boolean {
		const name = this.#kept.subarray(this.#nameStart, this.#keptLength);
		if (!name.includes(BACKSLASH)) return name.equals(BODY_KEY);
		try {
			return JSON.parse(name.toString('utf8')) === 'body';
		} catch {
			return false;
		}
	}

	#keep(bytes: Uint8Array): void {
		const length = this.#keptLength + bytes.length;
		if (length > LIMITS.eventHeadBytesMax) {
			throw this.#refusal(
				`more than ${LIMITS.eventHeadBytesMax} bytes besides "body"`,
				`at most ${LIMITS.eventHeadBytesMax}`,
			);
		}
		if (length > this.#kept.length) {
			const grown = Buffer.alloc(Math.max(length, 2 * this.#kept.length));
			grown.set(this.#kept.subarray(0, this.#keptLength));
			this.#kept = grown;
		}
		this.#kept.set(bytes, this.#keptLength);
		this.#keptLength = length;
	}

	#refusal(found: string, wanted: string, cause?: unknown): RuntimeError {
		const what = this.#code === 'ERR_EVENT_INVALID' ? 'event' : 'envelope';
		const options = cause === undefined ? {} : { cause };
		return new RuntimeError(
			this.#code,
			`Could not read the ${what}: found ${found}, wanted ${wanted}`,
			options,
		);
	}
}
