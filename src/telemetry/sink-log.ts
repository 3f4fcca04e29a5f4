/** What the two log formats share: levels, backpressure, and a bound on records that nobody reads. */
import type { DescriptorSink } from './descriptor-sink.ts';
import type { Log, LogFields, LogLevel } from './log.ts';
import { LOG_RANKS } from './log-ranks.ts';

/** Bytes waiting for the reader of the log above which records of our own are counted instead of kept. */
const WAITING_BYTES_MAX = 4 * 1024 * 1024;

export interface LogFormat {
	/** One record of httpfn's own, with its line end. */
	record(time: Date, level: LogLevel, message: string, fields: LogFields): string;
	/** One line of the function's output, with its line end. */
	output(time: Date, stream: 'stdout' | 'stderr', line: string, requestId: string | null): string;
}

export class SinkLog implements Log {
	readonly #sink: DescriptorSink;
	readonly #format: LogFormat;
	readonly #rankMin: number;
	#dropped = 0;

	constructor(sink: DescriptorSink, format: LogFormat, levelMin: LogLevel) {
		this.#sink = sink;
		this.#format = format;
		this.#rankMin = LOG_RANKS[levelMin];
	}

	write(level: LogLevel, message: string, fields: LogFields = {}): void {
		if (LOG_RANKS[level] < this.#rankMin) return;
		if (this.#sink.queuedBytes > WAITING_BYTES_MAX) {
			this.#dropped += 1;
			return;
		}
		this.#reportDropped();
		this.#sink.writeText(this.#format.record(new Date(), level, message, fields));
	}

	output(stream: 'stdout' | 'stderr', line: string, requestId: string | null): boolean {
		return this.#sink.writeText(this.#format.output(new Date(), stream, line, requestId));
	}

	onDrain(): Promise<void> {
		return this.#sink.onDrain();
	}

	flush(): Promise<void> {
		this.#reportDropped();
		return this.#sink.flush();
	}

	#reportDropped(): void {
		if (this.#dropped === 0) return;
		const records = this.#dropped;
		this.#dropped = 0;
		const message = 'log records were dropped because the reader of the log was too slow';
		this.#sink.writeText(this.#format.record(new Date(), 'warn', message, { records }));
	}
}
