import { ERRORS, type ErrorCode, RuntimeError } from '../../contract/errors.ts';
import { isObject } from '../../contract/kind-of.ts';
import { printable } from '../printable.ts';

/** Characters of an answer that is no error of the platform's that are shown. */
const SHOWN_CHARS_MAX = 200;

/** What a server answered instead of what it was asked for. */
export class ServerError extends RuntimeError {
	readonly status: number;
	/** The platform's code; empty: the answer has none. */
	readonly serverCode: string;
	/** Empty: the answer has none. */
	readonly requestId: string;

	constructor(asked: string, answer: { status: number; headers: Headers; text: string }) {
		const { status, headers, text } = answer;
		const { code, sentence } = platformError(text);
		const requestId = printable(headers.get('x-request-id') ?? '');
		const said = sentence === '' ? 'no reason given' : sentence;
		const request = requestId === '' ? '' : ` (request ${requestId})`;
		super(ownCode(headers), `${asked}: ${code === '' ? `HTTP ${status}` : code}: ${said}${request}`);
		this.status = status;
		this.serverCode = code;
		this.requestId = requestId;
	}

	/** By the platform's own word: another server's page says nothing of what the platform has. */
	get notFound(): boolean {
		return this.serverCode !== '' && (this.status === 404 || this.status === 410);
	}
}

/** A server of this product says its own code, which has a line of help. Others: ERR_SERVER_REFUSED. */
export function ownCode(headers: Headers): ErrorCode {
	const code = headers.get('x-httpfn-error') ?? '';
	return Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'ERR_SERVER_REFUSED';
}

function platformError(text: string): { readonly code: string; readonly sentence: string } {
	let body: unknown = null;
	try {
		body = JSON.parse(text);
	} catch {
		// A proxy's page, say.
	}
	if (!isObject(body)) return { code: '', sentence: printable(text.trim().slice(0, SHOWN_CHARS_MAX)) };
	const error = isObject(body.error) ? body.error : body;
	const [code, sentence] = [error.error_code ?? error.code, error.error_msg ?? error.message];
	return { code: printable(`${code ?? ''}`), sentence: printable(`${sentence ?? ''}`) };
}
