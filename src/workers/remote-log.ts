/** The log of a worker: its records go to the owner, who writes those of all whole. */
import type { Log, LogFields, LogLevel } from '../telemetry/log.ts';
import type { DeployedVersion, WorkerMessage } from './messages.ts';

/** Characters that wait for the owner, above which records are counted instead of kept. */
const BACKLOG_MAX = 4 * 1024 * 1024;

export interface RemoteSink {
	readonly backlog: number;
	send(message: WorkerMessage): void;
}

export class RemoteLog implements Log {
	readonly #sink: RemoteSink;
	readonly #function: number | DeployedVersion | null;
	#dropped = 0;

	/** `function`: whose requests it is about; null: of none. */
	constructor(sink: RemoteSink, about: number | DeployedVersion | null) {
		this.#sink = sink;
		this.#function = about;
	}

	write(level: LogLevel, message: string, fields: LogFields = {}): void {
		if (this.#sink.backlog > BACKLOG_MAX) {
			this.#dropped += 1;
			return;
		}
		const about = this.#function;
		if (this.#dropped > 0) {
			const records = this.#dropped;
			this.#dropped = 0;
			const lost = 'log records of a gateway process were dropped because the log was too slow';
			this.#sink.send({ kind: 'log', function: about, level: 'warn', message: lost, fields: { records } });
		}
		this.#sink.send({ kind: 'log', function: about, level, message, fields });
	}

	/** Functions speak to the owner. */
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
