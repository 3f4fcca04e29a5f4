/** What concerns the process itself. */
import path from 'node:path';
import * as z from 'zod/mini';
import type { Field } from './field.ts';
import { text } from './field-makers.ts';
import type { GivenValue } from './given-value.ts';

export const PROCESS_FIELDS = {
	pidFile: text('Gateway', 'pid-file', 'F', () => z.optional(z.string().check(z.minLength(1))), undefined, {
		fallbackText: 'none',
		wanted: 'the path of a file',
		sentence:
			'File that holds the number of the process that serves, for service managers that watch it: written when it accepts, also after httpfn upgrade.',
		example: '/run/httpfn/httpfn.pid',
	}),
} as const satisfies Record<string, Field>;

/** Absolute; null: there is none. `given` says where a relative path was written. */
export function pidFilePath(pidFile: string | undefined, given: GivenValue | undefined): string | null {
	return pidFile === undefined ? null : path.resolve(given?.folder ?? '', pidFile);
}
