/** What the processes of one instance may have (documented: 2,048 file descriptors, 1,024 processes and threads together). */
export const PROCESS_LIMITS = {
	/** RLIMIT_NOFILE, of each process. */
	descriptorsMax: 2048,
	/** `pids.max`; RLIMIT_NPROC counts a user's processes in one user namespace, so it serves only where each instance has its own. */
	processesMax: 1024,
} as const;
