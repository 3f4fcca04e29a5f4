/**
 * The two forms of one request's id. The engine's is a lower-case UUID v4 (X-CFF-Request-Id); the gateway's is the
 * same 128 bits as 32 hexadecimal digits (X-Request-Id, requestContext.requestId), so either finds the other in a log.
 */

export function newRequestId(): string {
	// The web's own: node:crypto takes milliseconds of a start to load.
	return crypto.randomUUID();
}

/** `requestId` is a UUID; the answer is its 32 hexadecimal digits. */
export function apigRequestId(requestId: string): string {
	// Five slices cost a fraction of what a regular expression or a split does, and this runs for every request; joined by one template they
	// are seven objects, by plus signs nine.
	return `${requestId.slice(0, 8)}${requestId.slice(9, 13)}${requestId.slice(14, 18)}${requestId.slice(19, 23)}${requestId.slice(24)}`;
}
