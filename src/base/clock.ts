/** Milliseconds of a clock that never jumps; differences mean something, absolute values do not. */
export function monotonicMs(): number {
	return performance.now();
}
