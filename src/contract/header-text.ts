/**
 * Text in header fields. Inside httpfn a head is Latin-1 text: one character is one byte on the wire. JSON holds
 * Unicode instead. Where a field crosses from one to the other its bytes are UTF-8, as the platform's engine reads
 * and writes them; bytes that are not UTF-8 keep their Latin-1 meaning, so that nothing is lost.
 */
import { Buffer } from 'node:buffer';

const UTF8_STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function isFieldName(name: string): boolean {
	return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name);
}

/** The index of the first character that no field value may hold (control bytes but tab, beyond Latin-1), or -1. */
export function badFieldCharacter(value: string): number {
	return value.search(/[^\t\x20-\x7e\x80-\xff]/);
}

/** JSON text as Latin-1 wire text: each character of the answer is one byte of its UTF-8 form. */
export function wireFromText(text: string): string {
	return /[^\x00-\x7f]/.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}

/** Latin-1 wire text as JSON text. */
export function textFromWire(wire: string): string {
	if (!/[^\x00-\x7f]/.test(wire)) return wire;
	try {
		return UTF8_STRICT.decode(Buffer.from(wire, 'latin1'));
	} catch {
		return wire;
	}
}
