/** The variable that names the process whose worker it is. */
export const WORKER_OWNER = 'HTTPFN_WORKER_OF';

/** What a worker finds open when it starts, behind the standard streams. */
export const WORKER_DESCRIPTORS = {
	/** Messages; see channel.ts. */
	channel: 3,
	/** Descriptors from the owner. */
	passing: 4,
	/** See shared-state.ts. */
	memory: 5,
} as const;
