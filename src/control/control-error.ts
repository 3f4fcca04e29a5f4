/** An error as clients of the platform's API see it. */
import { ERRORS, type ErrorRow, type RuntimeError } from '../contract/errors.ts';

/** `{"error_code","error_msg"}` (documented); the request's id travels as X-Request-Id, where the SDKs look for it. */
export function controlErrorBody(error: RuntimeError): string {
	return JSON.stringify({ error_code: error.row.wire, error_msg: error.message });
}

/** X-Httpfn-Error has our own code; X-Func-Err-Code and X-Is-Func-Err tell that the function itself failed (documented). */
export function controlErrorHeaders(error: RuntimeError, requestId: string): Record<string, string> {
	const row: ErrorRow = ERRORS[error.code];
	const headers: Record<string, string> = {
		'Content-Type': 'application/json',
		'X-Request-Id': requestId,
		'X-Cff-Request-Id': requestId,
		'X-Httpfn-Error': error.code,
	};
	if (row.fault !== 'function') return headers;
	return { ...headers, 'X-Is-Func-Err': 'true', 'X-Func-Err-Code': `${row.engine ?? 1}` };
}
