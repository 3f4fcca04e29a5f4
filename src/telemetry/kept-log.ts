import type { Log, LogFields, LogLevel } from './log.ts';
import type { LogLine, RecentLines } from './recent-lines.ts';

/** A log whose lines are also kept for a while, as those of one version of one function. */
export class KeptLog implements Log {
	readonly #log: Log;
	readonly #lines: RecentLines;
	readonly #functionId: number;
	readonly #version: string;

	constructor(log: Log, lines: RecentLines, functionId: number, version: string) {
		this.#log = log;
		this.#lines = lines;
		this.#functionId = functionId;
		this.#version = version;
	}

	write(level: LogLevel, message: string, fields: LogFields = {}): void {
		this.#log.write(level, message, fields);
		if (level === 'debug') return;
		const { requestId = null, ...rest } = fields;
		const known = Object.entries(rest).filter(([, value]) => value !== undefined);
		const text = known.map(([name, value]) => `  ${name}=${Array.isArray(value) ? value.join(' ') : value}`);
		this.#keep('platform', `${message}${text.join('')}`, requestId === null ? null : String(requestId));
	}

	output(stream: 'stdout' | 'stderr', line: string, requestId: string | null): boolean {
		this.#keep(stream, line, requestId);
		return this.#log.output(stream, line, requestId);
	}

	onDrain(): Promise<void> {
		return this.#log.onDrain();
	}

	flush(): Promise<void> {
		return this.#log.flush();
	}

	#keep(stream: LogLine['stream'], text: string, requestId: string | null): void {
		const version = this.#version;
		this.#lines.add(this.#functionId, { timeMs: Date.now(), version, stream, requestId, text });
	}
}
