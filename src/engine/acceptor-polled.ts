/** A listening socket that a PollLoop waits for: its connections are accepted, with their addresses, as they come. */
import { constants } from 'node:os';
import type { Connection, ConnectionHandler } from './connection.ts';
import { PolledConnection } from './connection-polled.ts';
import type { Libc } from './libc.ts';
import { type PollLoop, type PollSource, READABLE } from './poll-loop.ts';
import { peerAddress } from './socket-address.ts';
import { dontBlock, sendAtOnce } from './socket-options.ts';

/** SOCK_NONBLOCK | SOCK_CLOEXEC */
const SOCK_FLAGS = 0o2004000;
/** Longer than the address of any socket. */
const ADDRESS_BYTES = 128;
/** Of one turn: those that are open are to be served too. */
const ACCEPTED_MAX = 64;
const { ENOMEM, ENFILE, EMFILE, ENOBUFS } = constants.errno;
/** What waits to be accepted would wake us again at once, until somebody gives something back. */
const SHORTAGES: readonly number[] = [ENOMEM, ENFILE, EMFILE, ENOBUFS];
const SHORTAGE_MS = 50;

const ADDRESS = Buffer.from(new ArrayBuffer(ADDRESS_BYTES));
const ADDRESS_LENGTH = Buffer.from(new ArrayBuffer(4));

export class PolledAcceptor implements PollSource {
	readonly reader = null;
	readonly #calls: Libc;
	readonly #loop: PollLoop;
	readonly #descriptor: number;
	readonly #accept: (connection: Connection) => ConnectionHandler;
	#rest: NodeJS.Timeout | null = null;
	#closed = false;

	/** `descriptor` is the acceptor's to close. */
	constructor(
		calls: Libc,
		loop: PollLoop,
		descriptor: number,
		accept: (connection: Connection) => ConnectionHandler,
	) {
		this.#calls = calls;
		this.#loop = loop;
		this.#descriptor = descriptor;
		this.#accept = accept;
		// Whoever handed it over may have made it wait, and us with it.
		dontBlock(calls, descriptor);
		sendAtOnce(calls, descriptor);
		loop.add(descriptor, this, READABLE);
	}

	ready(): void {
		for (let count = 0; count < ACCEPTED_MAX && !this.#closed; count++) {
			ADDRESS_LENGTH.writeUInt32LE(ADDRESS_BYTES);
			const descriptor = this.#calls.accept4(this.#descriptor, ADDRESS, ADDRESS_LENGTH, SOCK_FLAGS);
			if (descriptor < 0) {
				if (SHORTAGES.includes(this.#calls.lastErrorNumber())) this.#takeRest();
				return;
			}
			const connection = new PolledConnection(this.#calls, this.#loop, null, null);
			const { address, port } = peerAddress(ADDRESS);
			connection.remoteAddress = address;
			connection.remotePort = port;
			connection.accepted(descriptor);
			connection.handler = this.#accept(connection);
		}
	}

	/** Twice is harmless. */
	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		if (this.#rest === null) this.#loop.remove(this.#descriptor);
		else clearTimeout(this.#rest);
		this.#calls.close(this.#descriptor);
	}

	#takeRest(): void {
		this.#loop.remove(this.#descriptor);
		this.#rest = setTimeout(() => {
			this.#rest = null;
			this.#loop.add(this.#descriptor, this, READABLE);
		}, SHORTAGE_MS);
	}
}
