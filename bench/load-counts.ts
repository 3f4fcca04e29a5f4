/** What a load generator counted. */
export interface LoadCounts {
	readonly requests: number;
	readonly seconds: number;
	readonly bytes: number;
	readonly errors: number;
	readonly p50Ms: number;
	readonly p99Ms: number;
	/** Streams that never had an answer in the second half, where a connection has several: the kernel does not know of them. */
	readonly silentStreams: number;
}
