/**
 * The connections that one instance opens to the world: each arrives as a descriptor from its namespace, is judged, opened
 * again from the host, and joined to that. Runs on the main thread, in the host's network.
 */
import { monotonicMs } from '../base/clock.ts';
import { Deadline, DeadlineQueue } from '../base/deadline.ts';
import { within } from '../base/within.ts';
import type { EgressSettings } from '../contract/sandbox-settings.ts';
import type { Connection, ConnectionHandler } from '../engine/connection.ts';
import type { SocketAddress } from '../engine/socket-address.ts';
import { adopt, connect, connectFrom } from '../engine/sockets.ts';
import { joinTunnel } from '../engine/tunnel.ts';
import type { EgressPolicy, Verdict } from './egress-policy.ts';
import type { EgressRefusals } from './egress-refusals.ts';
import type { Kernel } from './kernel.ts';

export const EGRESS_CONNECTIONS_MAX = 1_024;
/** For the destination to accept. */
const CONNECT_MS_MAX = 30_000;
/** For bytes that are on their way when the instance has ended. */
const CLOSE_MS_MAX = 1_000;

const SOL_SOCKET = 1;
const SO_LINGER = 13;
/** struct linger: on, 0 s. */
const ABORT = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
const HOST_LOOPBACK = '127.0.0.1';
const IGNORE: ConnectionHandler = { onData() {}, onDrain() {}, onEnd() {}, onClose() {} };

export interface RelayOptions {
	readonly kernel: Kernel;
	readonly settings: EgressSettings;
	readonly policy: Pick<EgressPolicy, 'judge'>;
	readonly refusals: EgressRefusals;
	/** Of this instance, opening ones included; EGRESS_CONNECTIONS_MAX unless told. */
	readonly connectionsMax?: number;
}

/** What the destination gets first, and the client when it is connected: of a proxy's client, whose head was read here. */
export interface Opening {
	readonly greeting: Buffer;
	readonly forward: Buffer;
	/** The client has sent FIN already. */
	readonly ended: boolean;
	/** The client gets its handler back, is told in its own words, and its connection ended. */
	readonly onFailure: (code: string) => void;
}

type Allowed = Extract<Verdict, { allowed: true }>;

export class EgressRelay {
	readonly #options: RelayOptions;
	readonly #connectionsMax: number;
	readonly #connecting = new DeadlineQueue(CONNECT_MS_MAX);
	/** Both sides of every connection, each until it has closed. */
	readonly #open = new Set<Connection>();
	#emptied: (() => void) | null = null;
	#closed = false;

	constructor(options: RelayOptions) {
		this.#options = options;
		this.#connectionsMax = options.connectionsMax ?? EGRESS_CONNECTIONS_MAX;
	}

	/** Takes over the descriptor of a connection that was meant for `destination`. */
	take(fd: number, destination: SocketAddress): void {
		const verdict = this.#judge(destination);
		if (verdict.allowed) {
			const client = this.adopt(fd, IGNORE);
			// Until the destination has accepted nothing is read: it may be refused yet.
			client.pause();
			this.join(client, destination, verdict, null);
			return;
		}
		const { address, port } = destination;
		this.#options.refusals.refused({ destination: address, port, reason: verdict.reason });
		this.#reset(fd);
	}

	/** False where it is one too many: the descriptor is closed then, and the refusal told. */
	hasRoomFor(fd: number): boolean {
		if (!this.#isFull) return true;
		this.#options.refusals.refused({ destination: 'proxy', port: 0, reason: 'too-many-connections' });
		this.#reset(fd);
		return false;
	}

	/** Whoever handles its events calls `forget` when it has closed. */
	adopt(fd: number, handler: ConnectionHandler): Connection {
		const client = adopt(fd, handler, () => {});
		this.#open.add(client);
		return client;
	}

	forget(connection: Connection): void {
		this.#open.delete(connection);
		if (this.#open.size === 0) this.#emptied?.();
	}

	/** Opens the destination for a client whose reading is paused, and joins the two. */
	join(client: Connection, destination: SocketAddress, { host }: Allowed, opening: Opening | null): void {
		if (this.#closed) return;
		const { address, port } = destination;
		let state: 'connecting' | 'connected' | 'failed' = 'connecting';
		const expiry = new Deadline(() => upstream.handler.onClose(timeout()));
		const upstream = this.#dial(address, port, host, () => {
			if (state === 'failed') return;
			state = 'connected';
			expiry.clear();
			// A destination that vanished would hold its place, and the function's connection, for ever.
			upstream.keepAlive();
			if (opening !== null && opening.greeting.length > 0) client.write(opening.greeting);
			client.resume();
		});
		this.#open.add(upstream);
		this.#connecting.set(expiry);
		const { clientSide, upstreamSide } = joinTunnel(
			client,
			upstream,
			() => expiry.clear(),
			() => this.forget(client),
		);
		client.handler = clientSide;
		upstream.handler = {
			...upstreamSide,
			onClose: (error) => {
				expiry.clear();
				this.forget(upstream);
				if (state === 'failed') return;
				if (state === 'connected' || error === null) return upstreamSide.onClose(error);
				state = 'failed';
				upstream.reset();
				const code = (error as NodeJS.ErrnoException).code ?? error.message;
				this.#options.refusals.failed({ destination: address, port, reason: code });
				if (opening === null) return upstreamSide.onClose(error);
				opening.onFailure(code);
			},
		};
		if (opening === null) return;
		// It is sent when the destination has accepted; an end that comes before that must not come before these.
		if (opening.forward.length > 0) upstream.write(opening.forward);
		if (opening.ended) clientSide.onEnd();
	}

	/** Takes no more; what is open may end by itself for a second. Resolves when nothing is open. */
	async close(): Promise<void> {
		this.#closed = true;
		await this.#emptyWithin(CLOSE_MS_MAX);
		for (const connection of [...this.#open]) {
			// Each by itself: the end of one would be passed on to the other in order.
			connection.handler = { ...IGNORE, onClose: () => this.forget(connection) };
			connection.reset();
		}
		await this.#emptyWithin(CLOSE_MS_MAX);
	}

	get #isFull(): boolean {
		return this.#closed || this.#open.size >= 2 * this.#connectionsMax;
	}

	#judge({ address, port }: SocketAddress): Allowed | { readonly allowed: false; readonly reason: string } {
		if (this.#isFull) return { allowed: false, reason: 'too-many-connections' };
		return this.#options.policy.judge(address, port, monotonicMs());
	}

	#dial(address: string, port: number, host: Allowed['host'], onOpen: () => void): Connection {
		const { publicSource } = this.#options.settings;
		if (host === 'loopback') return connect(HOST_LOOPBACK, port, IGNORE, onOpen);
		// A destination of the other family has no use for it.
		if (host === 'public' && publicSource !== null && isSix(publicSource) === isSix(address)) {
			return connectFrom(publicSource, address, port, IGNORE, onOpen);
		}
		return connect(address, port, IGNORE, onOpen);
	}

	/** The peer is told by RST; no engine's socket is made for it. */
	#reset(fd: number): void {
		const { libc } = this.#options.kernel;
		libc.setsockopt(fd, SOL_SOCKET, SO_LINGER, ABORT, ABORT.length);
		libc.close(fd);
	}

	async #emptyWithin(timeoutMs: number): Promise<void> {
		if (this.#open.size === 0) return;
		const emptied = new Promise<void>((resolve) => {
			this.#emptied = resolve;
		});
		await within(timeoutMs, emptied);
	}
}

function timeout(): Error {
	return Object.assign(new Error('the destination did not accept in time'), { code: 'ETIMEDOUT' });
}

function isSix(address: string): boolean {
	return address.includes(':');
}
