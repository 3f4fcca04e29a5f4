/**
 * The envelope of a response: `{"statusCode","headers","isBase64Encoded":true,"body"}` (documented). It is written as
 * a ready-made head, the body in Base64 as it flows, and a tail; the body never meets a JSON parser or writer.
 */
import { textFromWire } from './header-text.ts';
import { LIMITS } from './limits.ts';

export const ENVELOPE_TAIL = '"}';

export interface EnvelopeOverrun {
	readonly rawBytes: number;
	/** The whole envelope: head, body in Base64, tail. */
	readonly encodedBytes: number;
	/** Beyond 6 MiB + 100 bytes. */
	readonly overBytes: number;
}

/**
 * JSON text up to the body's opening quote. `fields` are of a head, in Latin-1 wire text, in order. Names come out the
 * way the engine writes them (`Content-Type`), each with the list of its values (observed). JSON is Unicode: a value
 * whose bytes are UTF-8 is that text, any other keeps its Latin-1 characters.
 */
export function envelopeHead(statusCode: number, fields: ReadonlyArray<readonly [string, string]>): string {
	const values = new Map<string, string[]>();
	for (const [name, value] of fields) {
		const canonical = canonicalName(name);
		const list = values.get(canonical);
		if (list === undefined) values.set(canonical, [textFromWire(value)]);
		else list.push(textFromWire(value));
	}
	const members = [...values].map(([name, list]) => `${JSON.stringify(name)}:${JSON.stringify(list)}`);
	return `{"statusCode":${statusCode},"headers":{${members.join(',')}},"isBase64Encoded":true,"body":"`;
}

/** The exact size of the envelope. `headBytes` is that of `envelopeHead` in UTF-8. */
export function envelopeBytes(rawBytes: number, headBytes: number): number {
	return headBytes + 4 * Math.ceil(rawBytes / 3) + ENVELOPE_TAIL.length;
}

/** What a response is over the platform's serialized limit (documented: 6 MiB, tolerance 100 bytes), or null. */
export function envelopeOverrun(rawBytes: number, headBytes: number): EnvelopeOverrun | null {
	const encodedBytes = envelopeBytes(rawBytes, headBytes);
	const overBytes = encodedBytes - LIMITS.envelopeBytesMax;
	return overBytes > 0 ? { rawBytes, encodedBytes, overBytes } : null;
}

/** As Go's http package: the first letter and each after a hyphen in upper case, the others in lower. */
function canonicalName(name: string): string {
	return name.toLowerCase().replaceAll(/(^|-)([a-z])/g, (match) => match.toUpperCase());
}
