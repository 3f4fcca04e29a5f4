/** What a load generator counted. */
export interface LoadCounts {
	readonly requests: number;
	readonly seconds: number;
	readonly bytes: number;
	readonly errors: number;
	readonly p50Ms: number;
	readonly p99Ms: number;
	/** The part of the time, 0 to 1, in which a request was under way whose answer came. */
	readonly busyShare: number;
}

export function busyShare(
	{ requests, seconds }: Pick<LoadCounts, 'requests' | 'seconds'>,
	inFlight: number,
	meanMs: number,
): number {
	// At the end each of them waits for one more answer, on average half-way.
	return ((requests + inFlight / 2) * meanMs) / (inFlight * seconds * 1000);
}
