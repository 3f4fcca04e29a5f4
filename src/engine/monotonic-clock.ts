import { libc } from './libc.ts';

const CLOCK_MONOTONIC = 1;

/** Microseconds of the kernel's CLOCK_MONOTONIC, the same in every process: engines count from where they like. Null where it is not told. */
export function monotonicMicroseconds(): bigint | null {
	const time = Buffer.alloc(16);
	if (libc()?.clock_gettime(CLOCK_MONOTONIC, time) !== 0) return null;
	return time.readBigInt64LE(0) * 1_000_000n + time.readBigInt64LE(8) / 1000n;
}
