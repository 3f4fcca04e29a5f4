/** The data plane: listeners, the connections they accept, and the way to stop them. */
import { monotonicMs } from '../base/clock.ts';
import { NOBODY_ELSE, type UsageElsewhere } from '../base/usage-elsewhere.ts';
import { RuntimeError } from '../contract/errors.ts';
import { isLoopbackHost } from '../contract/loopback-host.ts';
import { newRequestId } from '../contract/request-id.ts';
import type { Connection, ConnectionHandler } from '../engine/connection.ts';
import type { BoundPlace, Listener, ListenPlace } from '../engine/listener.ts';
import { listen } from '../engine/sockets.ts';
import { askSelf } from './ask-self.ts';
import { ClientConnection } from './client-connection.ts';
import { ConnectionCounts } from './connection-counts.ts';
import { FetchCall } from './fetch/fetch-call.ts';
import type { GatewayClient, GatewayGuest } from './gateway-client.ts';
import type { GatewayOptions } from './gateway-context.ts';
import { GatewayContext } from './gateway-context.ts';
import { Http2Connection } from './http2/http2-connection.ts';
import { placeText } from './place-text.ts';
import { ProxyProtocol } from './proxy-protocol.ts';
import { RequestOrigins, type RequestPeer } from './request-origins.ts';
import type { Router } from './router.ts';
import { sourceAddress } from './source-address.ts';
import { TlsCertificates } from './tls-certificates.ts';

const BACKLOG = 1024;
/** Milliseconds that a client has to take the answer that its request was given up with. */
const FAREWELL_MS = 500;
const NOBODY: ConnectionHandler = { onData() {}, onDrain() {}, onEnd() {}, onClose() {} };

/** A place to listen on, and whether clients speak TLS there. */
export interface ListenPoint {
	readonly at: ListenPlace;
	readonly secure: boolean;
}

/** Where it is bound in fact. */
export interface BoundPoint {
	readonly at: BoundPlace;
	readonly secure: boolean;
}

export class Gateway {
	readonly context: GatewayContext;
	readonly #listeners: Listener[] = [];
	readonly #points: BoundPoint[] = [];
	readonly #networks: ConnectionCounts;
	readonly #elsewhere: UsageElsewhere;
	readonly #certificates: TlsCertificates | null;
	readonly #proxyProtocol: ProxyProtocol | null;
	/** Connections, and requests that came by none. */
	readonly #guests = new Set<GatewayGuest>();
	/** How many of them are only there to be told that there is no room: they take no place under the cap. */
	#refused = 0;
	/** Called when the last connection is gone. */
	readonly #onEmpty = new Set<() => void>();

	/** Throws ERR_CONFIG_INVALID where a certificate can not be used. */
	constructor(options: GatewayOptions) {
		const { log, proxyProtocol = [], tls = null, elsewhere = null } = options;
		this.context = new GatewayContext(options);
		this.#networks = new ConnectionCounts(this.context.limits.connectionsPerAddressMax, elsewhere?.networks);
		this.#elsewhere = elsewhere?.connections ?? NOBODY_ELSE;
		this.#certificates = tls === null ? null : new TlsCertificates(tls, log);
		this.#proxyProtocol = proxyProtocol.length === 0 ? null : new ProxyProtocol(proxyProtocol, log);
	}

	/** Accepts from now on; port 0 picks a free one. Rejects with ERR_LISTEN_FAILED. */
	async listen({ at, secure }: ListenPoint): Promise<BoundPoint> {
		const tls = secure ? this.#certificates : null;
		if (secure && tls === null) throw new Error('a point is secure only where there are certificates');
		const preface = this.#proxyProtocol;
		try {
			const options = {
				at,
				backlog: BACKLOG,
				...(tls === null ? {} : { tls }),
				...(preface === null ? {} : { preface }),
			};
			const listener: Listener = await listen(options, (connection) =>
				this.accept(connection, portOf(listener.place)),
			);
			this.#listeners.push(listener);
			const point = { at: listener.place, secure };
			this.#points.push(point);
			return point;
		} catch (error) {
			const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
			const message = `cannot listen on ${placeText(at)}: ${code}`;
			throw new RuntimeError('ERR_LISTEN_FAILED', message, { cause: error });
		}
	}

	/**
	 * Requests that begin from now on go where `router` says; those in flight stay where they are, and so do connections.
	 * Certificates whose files have changed are read again.
	 */
	reroute(router: Router): void {
		this.#certificates?.refresh();
		this.context.router = router;
	}

	/** Where it listens, in the order in which it was told to. */
	point(index: number): BoundPoint {
		const point = this.#points[index];
		if (point === undefined) throw new Error(`there is no listener ${index}`);
		return point;
	}

	/** Resolves when each listener has answered a request of our own, one after the other; rejects with why not. */
	async checkSelf(timeoutMs: number): Promise<void> {
		const target = `/${newRequestId()}`;
		this.context.selfTarget ??= target;
		const proxied = (address: string) => this.#proxyProtocol?.reader(address) != null;
		for (const point of this.#points)
			await askSelf({ point, target: this.context.selfTarget, proxied, timeoutMs });
	}

	/**
	 * Another process accepts on the same sockets: this one accepts no more. Requests that still come on its connections are taken,
	 * for `courtesyMs`, and each answer is the last of its connection; what is left then is drained. All in `graceMs`.
	 */
	async handOver(
		graceMs: number,
		courtesyMs: number,
		giveUp: (leftMs: number) => Promise<void>,
	): Promise<void> {
		const begunMs = monotonicMs();
		this.context.leaving = true;
		// Whoever drains later is not to close them once more: their files are the other process's.
		await Promise.all(this.#listeners.splice(0).map((listener) => listener.close(true)));
		for (const guest of this.#guests) guest.announceEnd?.();
		if (this.#guests.size > 0) await this.#emptied(Math.min(courtesyMs, graceMs));
		await this.drain(Math.max(0, graceMs - (monotonicMs() - begunMs)), giveUp);
	}

	/**
	 * Stops accepting, refuses new requests, closes idle connections and lets requests in flight finish. After `graceMs` it calls
	 * `giveUp`, with what is left of that time, which ends the instances, so that those who still wait are told why; whoever does not
	 * take that answer is cut.
	 * Draining twice is harmless.
	 */
	async drain(graceMs: number, giveUp: (leftMs: number) => Promise<void>): Promise<void> {
		const endMs = monotonicMs() + graceMs;
		this.context.leaving = true;
		this.context.draining = true;
		await Promise.all(this.#listeners.map((listener) => listener.close()));
		this.#certificates?.close();
		for (const guest of this.#guests) guest.retire();
		if (this.#guests.size > 0) await this.#emptied(graceMs);
		await giveUp(Math.max(0, endMs - monotonicMs()));
		if (this.#guests.size > 0) await this.#emptied(FAREWELL_MS);
		for (const guest of this.#guests) guest.cut();
	}

	/** Has `drain` wait for a guest that came by no connection. Answers how it says that it is gone. */
	enter(guest: GatewayGuest): () => void {
		this.#guests.add(guest);
		return () => this.#leave(guest);
	}

	/**
	 * Answers a Request of the Fetch API as if it had come by a connection from `peer` to `listenPort`. Rejects with the reason of its
	 * signal, or with what its body failed with.
	 */
	fetch(request: Request, peer: RequestPeer, listenPort: number): Promise<Response> {
		const call = new FetchCall(
			this.context,
			request,
			new RequestOrigins(this.context.trustedProxies, peer, listenPort),
		);
		return call.start(this.enter(call));
	}

	/** Answers the requests of a connection, whoever accepted it. `listenPort` is what functions are told. */
	accept(connection: Connection, listenPort: number): ConnectionHandler {
		const { connectionsMax } = this.context.limits;
		const counted = this.#isCounted(connection);
		const refusal = this.#refusalOf(connection, counted);
		const full = refusal !== null;
		// Connections that are being refused take room too: a flood of them is not answered.
		if (full && this.#refused >= connectionsMax) {
			connection.reset();
			return NOBODY;
		}
		// A preface may have told whose it is; it does not change any more.
		const address = connection.remoteAddress;
		const gone = (): void => {
			if (full) this.#refused--;
			else if (counted) this.#networks.leave(address);
			this.#leave(client);
			this.#elsewhere.tell(this.#open);
		};
		const http2 = (): GatewayClient => new Http2Connection(this.context, connection, listenPort, { gone });
		const becomeHttp2 = (bytes: Buffer): void => {
			// Over TLS the client has agreed on something else.
			if (connection.tls !== null) {
				connection.reset();
				return;
			}
			this.#guests.delete(client);
			client = http2();
			this.#guests.add(client);
			connection.handler = client;
			client.onData(bytes);
		};
		let client: GatewayClient =
			connection.tls?.protocol === 'h2'
				? http2()
				: new ClientConnection(this.context, connection, listenPort, { gone, http2: becomeHttp2 });
		this.#guests.add(client);
		if (refusal !== null) {
			this.#refused++;
			client.refuse(refusal);
		}
		this.#elsewhere.tell(this.#open);
		return client;
	}

	#leave(guest: GatewayGuest): void {
		this.#guests.delete(guest);
		if (this.#guests.size === 0) for (const emptied of this.#onEmpty) emptied();
	}

	/** Connections that take a place under the cap. */
	get #open(): number {
		return this.#guests.size - this.#refused;
	}

	#emptied(graceMs: number): Promise<void> {
		return new Promise((resolve) => {
			const timer = setTimeout(resolve, graceMs);
			this.#onEmpty.add(() => {
				clearTimeout(timer);
				resolve();
			});
		});
	}

	/** A proxy in front has the connections of many, and nobody on this host is a stranger. */
	#isCounted({ remoteAddress }: Connection): boolean {
		const address = sourceAddress(remoteAddress);
		return !isLoopbackHost(address) && !this.context.trustedProxies.has(address);
	}

	/** Null: there is room for it, and its place is taken. */
	#refusalOf({ remoteAddress }: Connection, counted: boolean): RuntimeError | null {
		const { connectionsMax, connectionsPerAddressMax } = this.context.limits;
		if (this.#open + this.#elsewhere.used() >= connectionsMax)
			return new RuntimeError('ERR_OVERLOADED', `more than ${connectionsMax} connections are open`);
		if (!counted || this.#networks.enter(remoteAddress)) return null;
		const problem = `more than ${connectionsPerAddressMax} connections are open from this address`;
		return new RuntimeError('ERR_OVERLOADED', problem);
	}
}

/** What functions are told: a Unix socket has none, and is there for a server in front, whose port is not known. */
function portOf(place: BoundPlace): number {
	return place.kind === 'tcp' ? place.port : 80;
}
