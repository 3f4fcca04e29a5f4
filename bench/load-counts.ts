/** What a load generator counted. */
export interface LoadCounts {
	readonly requests: number;
	readonly seconds: number;
	readonly bytes: number;
	readonly errors: number;
	readonly p50Ms: number;
	readonly p99Ms: number;
}
