/**
 * What some peers send before the protocol itself: whom they speak for. A connection is handed on once its preface is read; until then it
 * is bounded in bytes, in time and in number.
 */
import { Arrivals } from './arrivals.ts';
import type { Connection, ConnectionHandler } from './connection.ts';

export interface PrefaceSetup {
	/** Null: this peer sends none. */
	reader(remoteAddress: string): PrefaceReader | null;
	/** A connection was given up whose preface could not be read. */
	refused(remoteAddress: string, problem: string): void;
}

export interface PrefaceReader {
	/** Null: more is needed. Throws an Error that says what is wrong with it. */
	read(bytes: Buffer): Preface | null;
}

export interface Preface {
	/** Null: the peer speaks for itself. */
	readonly source: { readonly address: string; readonly port: number } | null;
	/** What came after it. */
	readonly rest: Buffer;
}

/** Reads prefaces of connections that were accepted, and only then has them accepted by `accept`. */
export class PrefaceAcceptor {
	readonly #setup: PrefaceSetup;
	readonly #accept: (connection: Connection) => ConnectionHandler;
	readonly #arrivals = new Arrivals<Connection>((connection) => connection.reset());

	constructor(setup: PrefaceSetup, accept: (connection: Connection) => ConnectionHandler) {
		this.#setup = setup;
		this.#accept = accept;
	}

	readonly accept = (connection: Connection): ConnectionHandler => {
		const reader = this.#setup.reader(connection.remoteAddress);
		if (reader === null) return this.#accept(connection);
		this.#arrivals.add(connection);
		return new PrefaceHandler(connection, reader, {
			read: ({ source, rest }) => {
				this.#arrivals.delete(connection);
				connection.remoteAddress = source?.address ?? connection.remoteAddress;
				connection.remotePort = source?.port ?? connection.remotePort;
				connection.handler = this.#accept(connection);
				if (rest.length > 0) connection.handler.onData(rest);
			},
			failed: (problem) => {
				this.#arrivals.delete(connection);
				if (problem !== null) this.#setup.refused(connection.remoteAddress, problem);
			},
		});
	};

	/** Ends what has not arrived. */
	close(): void {
		this.#arrivals.close();
	}
}

interface Outcome {
	read(preface: Preface): void;
	/** Null: the connection was closed. */
	failed(problem: string | null): void;
}

class PrefaceHandler implements ConnectionHandler {
	readonly #connection: Connection;
	readonly #reader: PrefaceReader;
	readonly #outcome: Outcome;

	constructor(connection: Connection, reader: PrefaceReader, outcome: Outcome) {
		this.#connection = connection;
		this.#reader = reader;
		this.#outcome = outcome;
	}

	onData(bytes: Buffer): void {
		const preface = readPreface(this.#reader, bytes);
		if (preface === null) return;
		if (typeof preface !== 'string') {
			this.#outcome.read(preface);
			return;
		}
		this.#outcome.failed(preface);
		this.#connection.reset();
	}

	onDrain(): void {}

	onEnd(): void {
		this.#connection.destroy();
	}

	onClose(): void {
		this.#outcome.failed(null);
	}
}

/** A text says what is wrong with it; null: more is needed. */
export function readPreface(reader: PrefaceReader, bytes: Buffer): Preface | string | null {
	try {
		return reader.read(bytes);
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
}
