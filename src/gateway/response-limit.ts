/** The 6 MB rule: which responses are refused before their first byte, and which are only warned about. */
import { envelopeHead, envelopeOverrun } from '../contract/envelope.ts';
import { envelopeOverrunText } from '../contract/envelope-overrun-text.ts';
import { RuntimeError } from '../contract/errors.ts';
import { LIMITS } from '../contract/limits.ts';
import { fieldPairs } from '../http1/field-pairs.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import type { FunctionTarget } from './function-target.ts';

/** Below this no envelope can pass its limit, so that no head is serialized to find out. */
const ENVELOPE_SUSPECT_BYTES = Math.floor((LIMITS.envelopeBytesMax / 4) * 3) - 2 * LIMITS.headBytesMax;

/** Judges a body of known length; a warning is logged here, an error is the caller's to send. */
export function checkKnownLength(
	target: FunctionTarget,
	requestId: string,
	head: ResponseHead,
	bodyBytes: number,
): RuntimeError | null {
	if (bodyBytes > target.responseBytesMax) return tooLong(target.responseBytesMax, bodyBytes);
	if (bodyBytes < ENVELOPE_SUSPECT_BYTES || target.settings.streamResponse) return null;
	const envelope = envelopeHead(head.status, fieldPairs(head.kept));
	const overrun = envelopeOverrun(bodyBytes, Buffer.byteLength(envelope));
	if (overrun === null) return null;
	const message = `the response passes the platform's limit once it is in its envelope: ${envelopeOverrunText(overrun)}`;
	if (target.settings.strictEnvelope) return new RuntimeError('ERR_RESPONSE_ENVELOPE_TOO_LARGE', message);
	target.log.write('warn', message, { requestId, code: 'ERR_RESPONSE_ENVELOPE_TOO_LARGE' });
	return null;
}

/** `foundBytes` is left out where the body was cut off before its end was seen. */
export function tooLong(bytesMax: number, foundBytes?: number): RuntimeError {
	const found = foundBytes === undefined ? 'more' : `${foundBytes}`;
	return new RuntimeError(
		'ERR_RESPONSE_BODY_TOO_LARGE',
		`response body size ${found} exceeds the limit of ${bytesMax}`,
	);
}
