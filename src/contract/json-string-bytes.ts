/** The bytes that the content of a JSON string stands for: escapes undone, as UTF-8. */
import { Buffer } from 'node:buffer';
import { RuntimeError } from './errors.ts';

const UTF8_STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * `content` is what stands between the quotes. For bodies that are text, and for Base64 written with escapes: Base64
 * without any (`BodySpan.escaped` false) needs no reading of this kind. ERR_EVENT_INVALID where it is not JSON.
 */
export function jsonStringBytes(content: Uint8Array): Uint8Array {
	try {
		const parsed: unknown = JSON.parse(`"${UTF8_STRICT.decode(content)}"`);
		return Buffer.from(String(parsed), 'utf8');
	} catch (error) {
		const message =
			'Could not read "body" of the event: found a bad escape, control character or UTF-8 sequence';
		throw new RuntimeError('ERR_EVENT_INVALID', `${message}, wanted the text of a JSON string`, {
			cause: error,
		});
	}
}
