import type { Log, LogFields, LogLevel } from '../telemetry/log.ts';
import type { ListenerBook } from './listener-book.ts';

const RANKS: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** A log that is told to listeners, as records and lines. Nothing waits, and nothing is kept. */
export class EventLog implements Log {
	readonly #book: ListenerBook;
	readonly #rankMin: number;

	constructor(book: ListenerBook, levelMin: LogLevel) {
		this.#book = book;
		this.#rankMin = RANKS[levelMin];
	}

	write(level: LogLevel, message: string, fields: LogFields = {}): void {
		if (RANKS[level] < this.#rankMin) return;
		this.#book.tell('log', { time: new Date(), level, message, fields });
	}

	output(stream: 'stdout' | 'stderr', line: string, requestId: string | null): boolean {
		this.#book.tell('output', { time: new Date(), stream, line, requestId });
		return true;
	}

	onDrain(): Promise<void> {
		return Promise.resolve();
	}

	flush(): Promise<void> {
		return Promise.resolve();
	}
}
