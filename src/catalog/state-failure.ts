import { RuntimeError } from '../contract/errors.ts';

/** Primary result codes of SQLite that are about the file or the disk, not about the statement. */
const FAILURES: readonly { readonly number: number; readonly text: RegExp; readonly found: string }[] = [
	{ number: 5, text: /database is locked/, found: 'another process kept the catalog locked for too long' },
	{ number: 6, text: /table is locked/, found: 'the catalog is locked' },
	{ number: 7, text: /out of memory/, found: 'memory is used up' },
	{ number: 8, text: /readonly database/, found: 'the catalog may not be written' },
	{ number: 10, text: /disk I\/O error/, found: 'the disk failed' },
	{ number: 11, text: /malformed/, found: 'the catalog is damaged' },
	{ number: 13, text: /disk is full/, found: 'the disk is full' },
	{ number: 14, text: /unable to open/, found: 'the catalog can not be opened' },
	{ number: 26, text: /not a database/, found: 'the file is no SQLite database' },
];

/**
 * What SQLite threw while `action` was done, as ERR_STATE_UNAVAILABLE with what was found; any other error as it is. Not every
 * engine tells the number, but all tell the text that SQLite has for it.
 */
export function stateFailure(error: unknown, action: string, file: string): unknown {
	if (!(error instanceof Error) || (error as NodeJS.ErrnoException).code !== 'ERR_SQLITE_ERROR') return error;
	const number = (error as { errcode?: number }).errcode;
	const known = FAILURES.find((failure) =>
		number === undefined ? failure.text.test(error.message) : failure.number === (number & 0xff),
	);
	if (known === undefined) return error;
	const message = `could not ${action}: ${known.found} (${file}: ${error.message})`;
	return new RuntimeError('ERR_STATE_UNAVAILABLE', message, { cause: error });
}
