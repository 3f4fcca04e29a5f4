/** The answer that reports a failure, whatever version of HTTP it leaves by. */
import { errorBody, errorHeaderLines } from '../contract/error-body.ts';
import type { RuntimeError } from '../contract/errors.ts';
import { responseHeaderLines } from '../contract/headers.ts';
import { errorPage } from './error-page.ts';
import type { ErrorStyle } from './exchange-client.ts';

export interface ErrorAnswer {
	readonly status: number;
	/** Field lines, each with CRLF, Content-Length among them. */
	readonly lines: string;
	readonly body: Buffer;
}

export function errorAnswer(requestId: string, error: RuntimeError, style: ErrorStyle): ErrorAnswer {
	const page = style.page === true;
	const body = Buffer.from(
		page ? errorPage(requestId, error) : errorBody(error.code, error.message, requestId, style.family),
	);
	const type = `Content-Type: ${page ? 'text/html; charset=utf-8' : 'application/json'}\r\n`;
	const { status } = error.row;
	const retry = RETRY_STATUSES.has(status) && !RETRY_AFTER.test(style.lines) ? RETRY_LINE : '';
	const length = `Content-Length: ${body.length}\r\n`;
	const lines =
		type + errorHeaderLines(error.code) + style.lines + retry + length + responseHeaderLines(requestId);
	return { status, lines, body };
}

/** Too much at once, or for the moment nobody to answer (RFC 9110 section 10.2.3): worth another try, not at once. */
const RETRY_STATUSES: ReadonlySet<number> = new Set([429, 503]);
const RETRY_LINE = 'Retry-After: 1\r\n';
const RETRY_AFTER = /^Retry-After:/m;
