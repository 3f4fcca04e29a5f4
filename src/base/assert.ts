/** Stops the program on a broken assumption of its own: never for input, which gets an error with a code. */
export function assert(condition: boolean, what: string): asserts condition {
	if (!condition) throw new Error(`assertion failed: ${what}`);
}
