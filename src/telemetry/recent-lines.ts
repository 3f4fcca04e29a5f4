/**
 * The newest lines of each function's log, in memory: for the tail of an invocation and for who follows a log.
 *
 * Bounded twice: a function keeps at most so many characters, and all together so many; beyond the second those of the
 * function that has been silent longest go first.
 */
export interface LogLine {
	/** Milliseconds since 1970. */
	readonly timeMs: number;
	readonly version: string;
	/** `platform`: what httpfn itself says of a request or an instance. */
	readonly stream: 'stdout' | 'stderr' | 'platform';
	/** Null where it is not known to which request it belongs. */
	readonly requestId: string | null;
	readonly text: string;
}

export interface RecentLinesLimits {
	readonly functionCharsMax: number;
	readonly charsMax: number;
}

const LIMITS_DEFAULT: RecentLinesLimits = { functionCharsMax: 256 * 1024, charsMax: 16 * 1024 * 1024 };
/** What a line costs besides its text. */
const LINE_CHARS = 100;

interface Kept {
	lines: LogLine[];
	/** Lines before this index are gone; they leave the list by halves. */
	from: number;
	chars: number;
}

export class RecentLines {
	readonly #limits: RecentLinesLimits;
	/** The function that spoke last is last. */
	readonly #kept = new Map<number, Kept>();
	readonly #followers = new Map<number, Set<(line: LogLine) => void>>();
	#chars = 0;

	constructor(limits: RecentLinesLimits = LIMITS_DEFAULT) {
		this.#limits = limits;
	}

	add(functionId: number, line: LogLine): void {
		const kept = this.#kept.get(functionId) ?? { lines: [], from: 0, chars: 0 };
		this.#kept.delete(functionId);
		this.#kept.set(functionId, kept);
		kept.lines.push(line);
		this.#count(kept, cost(line));
		while (kept.chars > this.#limits.functionCharsMax) this.#dropFirst(kept);
		for (const [silent, { chars }] of this.#kept) {
			if (this.#chars <= this.#limits.charsMax || silent === functionId) break;
			this.#kept.delete(silent);
			this.#chars -= chars;
		}
		for (const listener of this.#followers.get(functionId) ?? []) listener(line);
	}

	/** The newest `count`, oldest first. */
	tail(functionId: number, count: number): readonly LogLine[] {
		const kept = this.#kept.get(functionId);
		if (kept === undefined || count <= 0) return [];
		return kept.lines.slice(Math.max(kept.from, kept.lines.length - count));
	}

	/** Calls for each line from now on; answers how to stop. */
	follow(functionId: number, listener: (line: LogLine) => void): () => void {
		const listeners = this.#followers.get(functionId) ?? new Set();
		listeners.add(listener);
		this.#followers.set(functionId, listeners);
		return () => {
			listeners.delete(listener);
			if (listeners.size === 0) this.#followers.delete(functionId);
		};
	}

	/** The function is no more. */
	forget(functionId: number): void {
		this.#chars -= this.#kept.get(functionId)?.chars ?? 0;
		this.#kept.delete(functionId);
	}

	#dropFirst(kept: Kept): void {
		const first = kept.lines[kept.from];
		if (first === undefined) return;
		kept.from += 1;
		this.#count(kept, -cost(first));
		if (kept.from * 2 < kept.lines.length) return;
		kept.lines = kept.lines.slice(kept.from);
		kept.from = 0;
	}

	#count(kept: Kept, chars: number): void {
		kept.chars += chars;
		this.#chars += chars;
	}
}

function cost(line: LogLine): number {
	return line.text.length + LINE_CHARS;
}
