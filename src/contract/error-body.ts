/** An error as a client sees it: the body of the platform's gateway, and headers that name the cause exactly. */
import { ERRORS, type ErrorCode, type ErrorRow } from './errors.ts';

/** Whose numbers an error has: both gateways of the platform have the same ones (documented). */
export type ErrorFamily = 'APIG' | 'APIC';

/** `{"error_code","error_msg","request_id"}` (documented). `requestId` is the UUID that stands in the log. */
export function errorBody(
	code: ErrorCode,
	message: string,
	requestId: string,
	family: ErrorFamily = 'APIG',
): string {
	const { wire } = ERRORS[code];
	const error_code = family === 'APIC' ? wire.replace(/^APIG\./, 'APIC.') : wire;
	return JSON.stringify({ error_code, error_msg: message, request_id: requestId });
}

/**
 * X-Httpfn-Error with our own code, and for a failure of the function itself X-Is-Func-Err, with the
 * engine's number where it has one.
 */
export function errorHeaderLines(code: ErrorCode): string {
	const row: ErrorRow = ERRORS[code];
	let lines = `X-Httpfn-Error: ${code}\r\n`;
	if (row.fault !== 'function') return lines;
	if (row.engine !== undefined) lines += `X-Func-Err-Code: ${row.engine}\r\n`;
	return `${lines}X-Is-Func-Err: true\r\n`;
}
