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

/** How long answers took. */
export interface Latency {
	readonly meanMs: number;
	/** Standard deviation. */
	readonly deviationMs: number;
}

/** `answersMs`: what each took. */
export function latencyOf(answersMs: readonly number[]): Latency {
	const meanOf = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
	const meanMs = meanOf(answersMs);
	return { meanMs, deviationMs: Math.sqrt(meanOf(answersMs.map((one) => (one - meanMs) ** 2))) };
}

export function busyShare(
	{ requests, seconds }: Pick<LoadCounts, 'requests' | 'seconds'>,
	inFlight: number,
	{ meanMs, deviationMs }: Latency,
): number {
	if (requests === 0) return 0;
	// At the end each of them waits for one more answer, half-way on average. It is sooner one that takes long: these are
	// under way for more of the time (the inspection paradox of renewal theory).
	const pendingMs = (meanMs + deviationMs ** 2 / meanMs) / 2;
	return (requests * meanMs + inFlight * pendingMs) / (inFlight * seconds * 1000);
}
