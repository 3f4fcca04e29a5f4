import { monotonicMs } from '../base/clock.ts';

/**
 * What the monotonic clock reads as the time of day, to fractions of a millisecond: for moments that two processes tell each other.
 * Good for seconds; the time of day may be set meanwhile. It takes up to a millisecond to make.
 */
export function wallClock(): (monotonic: number) => number {
	const before = Date.now();
	let now = before;
	while (now === before) now = Date.now();
	const offsetMs = now - monotonicMs();
	return (monotonic) => monotonic + offsetMs;
}
