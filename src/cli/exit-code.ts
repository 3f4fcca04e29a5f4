/** What the exit code of every command means. */
export const EXIT = {
	ok: 0,
	/** The command ran, and what it was asked for failed. */
	failure: 1,
	/** The command line, a variable or a config file is wrong; nothing was started. */
	usage: 2,
	/** A signal cut the command short. */
	interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** For help and the reference page. */
export const EXIT_MEANINGS: Readonly<Record<ExitCode, string>> = {
	0: 'done',
	1: 'failed; stderr says why',
	2: 'the command line, a variable or a config file is wrong',
	130: 'cut short by a signal',
};
