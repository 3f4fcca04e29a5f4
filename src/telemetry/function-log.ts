import type { Log, LogFields, LogLevel } from './log.ts';

/** The log of one function among several: each record tells its name. */
export class FunctionLog implements Log {
	readonly #log: Log;
	readonly #name: string;

	constructor(log: Log, name: string) {
		this.#log = log;
		this.#name = name;
	}

	write(level: LogLevel, message: string, fields: LogFields = {}): void {
		this.#log.write(level, message, { function: this.#name, ...fields });
	}

	output(stream: 'stdout' | 'stderr', line: string, requestId: string | null): boolean {
		return this.#log.output(stream, line, requestId);
	}

	onDrain(): Promise<void> {
		return this.#log.onDrain();
	}

	flush(): Promise<void> {
		return this.#log.flush();
	}
}
