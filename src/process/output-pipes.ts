/** Pipes for an instance's stdout and stderr, which a function may open again as /dev/stdout and /dev/stderr. */
import { closePipe, openPipe, type Pipe } from '../engine/pipe.ts';

/**
 * Answers null where the engine makes pipes by itself, or where none can be made (no descriptor is free): the function
 * then gets what the engine has, and only loses the two names.
 */
export function openOutputPipes(): readonly [Pipe, Pipe] | null {
	const stdout = openPipe();
	if (stdout === null) return null;
	const stderr = openPipe();
	if (stderr !== null) return [stdout, stderr];
	closePipe(stdout);
	return null;
}
