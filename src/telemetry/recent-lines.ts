/**
 * The newest lines of each function's log, in memory: for the tail of an invocation and for who follows a log.
 * Bounded by bytes, all functions together; the oldest line of the function that holds most goes first.
 */
export interface LogLine {
	/** Milliseconds since 1970. */
	readonly timeMs: number;
	readonly version: string;
	readonly stream: 'stdout' | 'stderr' | 'platform';
	/** Null where it is not known to which request it belongs. */
	readonly requestId: string | null;
	readonly text: string;
}

export interface RecentLines {
	add(functionId: number, line: LogLine): void;
	/** The newest `count`, oldest first. */
	tail(functionId: number, count: number): readonly LogLine[];
	/** Calls for each line from now on; answers how to stop. */
	follow(functionId: number, listener: (line: LogLine) => void): () => void;
}
