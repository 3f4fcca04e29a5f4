/** The connection that got through, kept for the first request. */
import type { Connection, ConnectionHandler } from '../engine/connection.ts';

/**
 * Usable until it is taken, or the function closes it or speaks unasked: a server that greets its clients does not
 * speak HTTP, and a connection with something on it is not one that a request can be sent on.
 */
export class Probe implements ConnectionHandler {
	#connection: Connection | null;
	readonly #expiry: NodeJS.Timeout;

	/** After `keepMs` it is closed: a server that takes one connection at a time must not wait on an idle one. */
	constructor(connection: Connection, keepMs: number) {
		this.#connection = connection;
		connection.handler = this;
		this.#expiry = setTimeout(() => this.close(), keepMs);
		this.#expiry.unref();
	}

	/** The connection, once; null when it was taken or is of no use. Whoever takes it sets its handler. */
	take(): Connection | null {
		const connection = this.#connection;
		this.#connection = null;
		clearTimeout(this.#expiry);
		return connection;
	}

	/** Twice is harmless. */
	close(): void {
		this.take()?.destroy();
	}

	onData(): void {
		this.close();
	}

	onDrain(): void {}

	onEnd(): void {
		this.close();
	}

	onClose(): void {
		this.take();
	}
}
