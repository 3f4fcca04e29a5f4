/** What a pool is doing now. */
export interface PoolStats {
	readonly starting: number;
	readonly ready: number;
	readonly leaving: number;
	readonly requests: number;
	readonly waiting: number;
	/** Instances started so far. */
	readonly starts: number;
}
