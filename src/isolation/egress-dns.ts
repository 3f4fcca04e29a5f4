/** Queries for names that one instance asks, by UDP and TCP: from its sockets to the relay of all instances, and back. */
import { Deadline, DeadlineQueue } from '../base/deadline.ts';
import type { Connection } from '../engine/connection.ts';
import { adopt } from '../engine/sockets.ts';
import type { DnsRelay } from './dns-relay.ts';
import type { EgressPolicy } from './egress-policy.ts';
import type { EgressRefusals } from './egress-refusals.ts';
import type { Kernel } from './kernel.ts';

/** Connections of one instance that ask by TCP. */
const CONNECTIONS_MAX = 64;
/** For the next query of a connection (RFC 7766 section 6.2.3 wants some seconds). */
const IDLE_MS_MAX = 10_000;
const LENGTH_BYTES = 2;

export interface DnsOptions {
	readonly kernel: Kernel;
	readonly relay: Pick<DnsRelay, 'answer'>;
	readonly policy: EgressPolicy;
	readonly refusals: EgressRefusals;
}

export class EgressDns {
	readonly #options: DnsOptions;
	readonly #idle = new DeadlineQueue(IDLE_MS_MAX);
	readonly #connections = new Set<Connection>();
	#closed = false;

	constructor(options: DnsOptions) {
		this.#options = options;
	}

	/** `fd` is the place's socket, `client` the address of who asks. */
	async query(fd: number, client: Buffer, bytes: Buffer): Promise<void> {
		const { kernel, relay, policy, refusals } = this.#options;
		const answer = await relay.answer(bytes, policy, 'udp', refusals);
		// The socket may be closed by then, and its number another's.
		if (answer === null || this.#closed) return;
		kernel.libc.sendto(fd, answer, answer.length, 0, client, client.length);
	}

	/** Takes over the descriptor. Its queries are answered one after the other (RFC 7766 section 6.2.1.1 allows that). */
	take(fd: number): void {
		let pending: Buffer = Buffer.alloc(0);
		let answering = false;
		let ended = false;
		const expiry = new Deadline(() => connection.reset());
		const next = (): void => {
			const query = answering ? null : firstMessage(pending);
			if (query === null) {
				if (ended && !answering) connection.end();
				return;
			}
			pending = pending.subarray(LENGTH_BYTES + query.length);
			answering = true;
			expiry.clear();
			connection.pause();
			void this.#answer(connection, query).then(() => {
				answering = false;
				if (!this.#connections.has(connection)) return;
				this.#idle.set(expiry);
				connection.resume();
				next();
			});
		};
		const connection = adopt(
			fd,
			{
				onData(bytes) {
					pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes]);
					next();
				},
				onDrain() {},
				onEnd() {
					ended = true;
					next();
				},
				onClose: () => {
					expiry.clear();
					this.#connections.delete(connection);
				},
			},
			() => {},
		);
		this.#connections.add(connection);
		this.#idle.set(expiry);
		if (this.#closed || this.#connections.size > CONNECTIONS_MAX) connection.reset();
	}

	/** Nothing is sent afterwards. */
	close(): void {
		this.#closed = true;
		for (const connection of this.#connections) connection.reset();
	}

	async #answer(connection: Connection, query: Buffer): Promise<void> {
		const { relay, policy, refusals } = this.#options;
		const answer = await relay.answer(query, policy, 'tcp', refusals);
		if (answer === null) {
			connection.reset();
			return;
		}
		const length = Buffer.alloc(LENGTH_BYTES);
		length.writeUInt16BE(answer.length);
		connection.write(Buffer.concat([length, answer]));
	}
}

/** Null where it is not whole yet. */
function firstMessage(bytes: Buffer): Buffer | null {
	if (bytes.length < LENGTH_BYTES) return null;
	const end = LENGTH_BYTES + bytes.readUInt16BE(0);
	return bytes.length < end ? null : bytes.subarray(LENGTH_BYTES, end);
}
