/** A log that keeps its records for the test to look at. */
import type { Log, LogFields, LogLevel } from '../../src/telemetry/log.ts';

export interface LogRecord {
	readonly level: LogLevel;
	readonly message: string;
	readonly fields: LogFields;
}

export class RecordingLog implements Log {
	readonly records: LogRecord[] = [];

	write(level: LogLevel, message: string, fields: LogFields = {}): void {
		this.records.push({ level, message, fields });
	}

	output(): boolean {
		return true;
	}

	onDrain(): Promise<void> {
		return Promise.resolve();
	}

	flush(): Promise<void> {
		return Promise.resolve();
	}
}
