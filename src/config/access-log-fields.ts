/** Where requests are recorded, one line each. */
import path from 'node:path';
import * as z from 'zod/mini';
import type { AccessFormat } from '../telemetry/access-entry.ts';
import type { Field } from './field.ts';
import { text } from './field-makers.ts';
import type { GivenValue } from './given-value.ts';

const AUTO = 'auto';
const OFF = 'off';
const STDERR = 2;
const NOBODY: LogReader = { terminal: false, coloured: false };
const DESCRIPTORS: ReadonlyMap<string, number> = new Map([
	['stdout', 1],
	['stderr', STDERR],
]);

const ACCESS_LOG_FORMATS = [AUTO, 'text', 'json', 'combined'] as const;

export const ACCESS_LOG_FIELDS = {
	accessLog: text('Log', 'access-log', 'F', () => z.string().check(z.minLength(1)), AUTO, {
		fallbackText: 'stderr where run writes to a terminal, else off',
		wanted: 'the path of a file, stdout, stderr, off or auto',
		sentence:
			'Record of every request, one line each: appended to a file, or to stdout or stderr. A file that was moved away is opened anew.',
		example: '/var/log/httpfn/access.log',
	}),
	accessLogFormat: text('Log', 'access-log-format', 'FORMAT', () => z.enum(ACCESS_LOG_FORMATS), AUTO, {
		fallbackText: 'text on the terminal of run, else json',
		wanted: 'text, json, combined or auto',
		sentence:
			"Form of these lines. text: for a person. json: one object a line. combined: Apache's, then request id, function and version, and the phases.",
		example: 'combined',
	}),
} as const satisfies Record<string, Field>;

export interface AccessLogSettings {
	/** Absolute path, or a descriptor. */
	readonly to: string | number;
	readonly format: AccessFormat;
	/** Of the text format: it is for a terminal that has colours. */
	readonly coloured: boolean;
}

/** Who reads stderr. */
export interface LogReader {
	readonly terminal: boolean;
	readonly coloured: boolean;
}

/** From judged values; `given` says where a relative path was written. Null: requests are not recorded. */
export function accessLogSettings(
	values: { readonly accessLog: string; readonly accessLogFormat: (typeof ACCESS_LOG_FORMATS)[number] },
	given: GivenValue | undefined,
	reader: LogReader = NOBODY,
): AccessLogSettings | null {
	const { accessLog, accessLogFormat } = values;
	if (accessLog === OFF || (accessLog === AUTO && !reader.terminal)) return null;
	const named = accessLog === AUTO ? STDERR : DESCRIPTORS.get(accessLog);
	const to = named ?? path.resolve(given?.folder ?? '', accessLog);
	const seen = to === STDERR && reader.terminal;
	const format = accessLogFormat === AUTO ? (seen ? 'text' : 'json') : accessLogFormat;
	return { to, format, coloured: seen && reader.coloured };
}
