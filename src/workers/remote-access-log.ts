/** The access log of a worker: lines go to the owner, those of one turn of the event loop together. */
import type { AccessEntry } from '../telemetry/access-entry.ts';
import { accessLine } from '../telemetry/access-line.ts';
import type { Log } from '../telemetry/log.ts';
import type { LineForm } from './messages.ts';
import type { RemoteSink } from './remote-log.ts';

/** Characters that wait for the owner, above which lines are lost, and counted. */
const BACKLOG_MAX = 4 * 1024 * 1024;

export class RemoteAccessLog {
	readonly #sink: RemoteSink;
	readonly #form: LineForm;
	readonly #log: Log;
	#lines = '';
	#lost = 0;

	/** `log` is told what is lost. */
	constructor(sink: RemoteSink, form: LineForm, log: Log) {
		this.#sink = sink;
		this.#form = form;
		this.#log = log;
	}

	write(entry: AccessEntry): void {
		if (this.#sink.backlog > BACKLOG_MAX) {
			this.#lost += 1;
			return;
		}
		if (this.#lines === '') setImmediate(() => this.flush());
		this.#lines += accessLine(entry, this.#form.format, this.#form.coloured);
	}

	/** Hands over what there is. */
	flush(): void {
		const lines = this.#lines;
		this.#lines = '';
		if (lines !== '') this.#sink.send({ kind: 'access', lines });
		if (this.#lost === 0 || this.#sink.backlog > BACKLOG_MAX) return;
		const message = 'records of requests were lost: what takes them was too slow';
		this.#log.write('warn', message, { lost: this.#lost });
		this.#lost = 0;
	}
}
