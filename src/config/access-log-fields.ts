/** Where requests are recorded, one line each. */
import path from 'node:path';
import * as z from 'zod/mini';
import type { Field } from './field.ts';
import { text } from './field-makers.ts';
import type { GivenValue } from './given-value.ts';

const OFF = 'off';
const DESCRIPTORS: ReadonlyMap<string, number> = new Map([
	['stdout', 1],
	['stderr', 2],
]);

export const ACCESS_LOG_FIELDS = {
	accessLog: text('Log', 'access-log', 'F', () => z.string().check(z.minLength(1)), OFF, {
		wanted: 'the path of a file, stdout, stderr or off',
		sentence:
			'Record of every request, one line each: appended to a file, or to stdout or stderr. A file that was moved away is opened anew.',
		example: '/var/log/httpfn/access.log',
	}),
	accessLogFormat: text('Log', 'access-log-format', 'FORMAT', () => z.enum(['json', 'combined']), 'json', {
		wanted: 'json or combined',
		sentence:
			"Form of these lines. json: one object a line. combined: Apache's, then request id, function and version, and the phases.",
		example: 'combined',
	}),
} as const satisfies Record<string, Field>;

export interface AccessLogSettings {
	/** Absolute path, or a descriptor. */
	readonly to: string | number;
	readonly format: 'json' | 'combined';
}

/** From judged values; `given` says where a relative path was written. Null: requests are not recorded. */
export function accessLogSettings(
	values: { readonly accessLog: string; readonly accessLogFormat: 'json' | 'combined' },
	given: GivenValue | undefined,
): AccessLogSettings | null {
	const { accessLog, accessLogFormat: format } = values;
	if (accessLog === OFF) return null;
	return { to: DESCRIPTORS.get(accessLog) ?? path.resolve(given?.folder ?? '', accessLog), format };
}
