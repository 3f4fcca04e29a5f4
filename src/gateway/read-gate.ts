import type { Connection } from '../engine/connection.ts';

/** Whether a connection is read: tells the engine only where that changes. */
export class ReadGate {
	readonly #connection: Connection;
	#closed = false;

	constructor(connection: Connection) {
		this.#connection = connection;
	}

	close(closed: boolean): void {
		if (closed === this.#closed) return;
		this.#closed = closed;
		if (closed) this.#connection.pause();
		else this.#connection.resume();
	}
}
