/** Where log records go. Records are flat: a message and fields, ready for one JSON object a line. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export interface Log {
	write(level: LogLevel, message: string, fields?: LogFields): void;
	/**
	 * One line of a function's output. Answers false while the reader of the log is slower than the function:
	 * the caller stops reading that output until `onDrain` resolves, so that no line is lost and none piles up.
	 */
	output(stream: 'stdout' | 'stderr', line: string, requestId: string | null): boolean;
	onDrain(): Promise<void>;
	/** Resolves when everything written so far has left the process. */
	flush(): Promise<void>;
}
