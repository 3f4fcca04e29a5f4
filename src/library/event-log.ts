import type { Log, LogFields, LogLevel } from '../telemetry/log.ts';
import { LOG_RANKS } from '../telemetry/log-ranks.ts';
import type { ListenerBook } from './listener-book.ts';

/** A log that is told to listeners, as records and lines. Nothing waits, and nothing is kept. */
export class EventLog implements Log {
	readonly #book: ListenerBook;
	readonly #rankMin: number;

	constructor(book: ListenerBook, levelMin: LogLevel) {
		this.#book = book;
		this.#rankMin = LOG_RANKS[levelMin];
	}

	write(level: LogLevel, message: string, fields: LogFields = {}): void {
		if (LOG_RANKS[level] < this.#rankMin) return;
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
