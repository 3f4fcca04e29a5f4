/** How a failure reaches the person or the program that called httpfn. */
import { errorText } from '../base/error-text.ts';
import { ConfigError } from '../config/config-error.ts';
import { RuntimeError } from '../contract/errors.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { printable } from './printable.ts';
import { ServerError } from './remote/server-error.ts';

export interface ErrorReport {
	/** For stderr, with its line end. */
	readonly text: string;
	readonly exitCode: ExitCode;
}

const USAGE_CODES = new Set([
	'ERR_USAGE',
	'ERR_CONFIG_INVALID',
	'ERR_ASYNC_UNSUPPORTED',
	'ERR_RETRY_UNSUPPORTED',
]);

/** Text is `httpfn: CODE: message` and a line of help; JSON one object `{code, message, help, mistakes?, server?}`. */
export function reportError(error: unknown, form: 'text' | 'json'): ErrorReport {
	const known = error instanceof RuntimeError ? error : unexpected(error);
	const { code, message } = known;
	const { help } = known.row;
	const exitCode = USAGE_CODES.has(code) ? EXIT.usage : EXIT.failure;
	if (form === 'json') {
		const mistakes = known instanceof ConfigError ? known.mistakes : undefined;
		const server =
			known instanceof ServerError
				? { status: known.status, code: known.serverCode, requestId: known.requestId }
				: undefined;
		return { text: `${JSON.stringify({ code, message, help, mistakes, server })}\n`, exitCode };
	}
	const stack = code === 'ERR_INTERNAL' && error instanceof Error ? `${error.stack}\n` : '';
	return { text: `httpfn: ${code}: ${printable(message)}\n${printable(stack)}${help}\n`, exitCode };
}

function unexpected(error: unknown): RuntimeError {
	const message = errorText(error);
	return new RuntimeError('ERR_INTERNAL', message, { cause: error });
}
