/** The data plane: listeners, the connections they accept, and the way to stop them. */
import { RuntimeError } from '../contract/errors.ts';
import type { Connection, ConnectionHandler, Listener } from '../engine/connection.ts';
import { listen } from '../engine/sockets.ts';
import { ClientConnection } from './client-connection.ts';
import type { GatewayOptions } from './gateway-context.ts';
import { GatewayContext } from './gateway-context.ts';
import type { Router } from './router.ts';

const BACKLOG = 1024;
/** Milliseconds that a client has to take the answer that its request was given up with. */
const FAREWELL_MS = 500;
const NOBODY: ConnectionHandler = { onData() {}, onDrain() {}, onEnd() {}, onClose() {} };

export interface GatewayAddress {
	readonly host: string;
	readonly port: number;
}

export class Gateway {
	readonly context: GatewayContext;
	readonly #listeners: Listener[] = [];
	readonly #connections = new Set<ClientConnection>();
	/** How many of them are only there to be told that there is no room: they take no place under the cap. */
	#refused = 0;
	/** Called when the last connection is gone. */
	readonly #onEmpty = new Set<() => void>();

	constructor(options: GatewayOptions) {
		this.context = new GatewayContext(options);
	}

	/** Accepts from now on; port 0 picks a free one. Rejects with ERR_LISTEN_FAILED. */
	async listen(address: GatewayAddress): Promise<GatewayAddress> {
		try {
			const options = { host: address.host, port: address.port, backlog: BACKLOG };
			const listener: Listener = await listen(options, (connection) =>
				this.#accept(connection, listener.port),
			);
			this.#listeners.push(listener);
			return { host: listener.host, port: listener.port };
		} catch (error) {
			const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
			throw new RuntimeError(
				'ERR_LISTEN_FAILED',
				`cannot listen on ${address.host}:${address.port}: ${code}`,
				{
					cause: error,
				},
			);
		}
	}

	/** Requests that begin from now on go where `router` says; those in flight stay where they are, and so do connections. */
	reroute(router: Router): void {
		this.context.router = router;
	}

	/**
	 * Stops accepting, refuses new requests, closes idle connections and lets requests in flight finish. After `graceMs` it calls
	 * `giveUp`, which ends the instances, so that those who still wait are told why; whoever does not take that answer is cut.
	 * Draining twice is harmless.
	 */
	async drain(graceMs: number, giveUp: () => Promise<void>): Promise<void> {
		this.context.draining = true;
		await Promise.all(this.#listeners.map((listener) => listener.close()));
		for (const connection of this.#connections) connection.retire();
		if (this.#connections.size > 0) await this.#emptied(graceMs);
		await giveUp();
		if (this.#connections.size > 0) await this.#emptied(FAREWELL_MS);
		for (const connection of this.#connections) connection.cut();
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

	#accept(connection: Connection, listenPort: number): ConnectionHandler {
		const { connectionsMax } = this.context.limits;
		const full = this.#connections.size - this.#refused >= connectionsMax;
		// Connections that are being refused take room too: a flood of them is not answered.
		if (full && this.#refused >= connectionsMax) {
			connection.reset();
			return NOBODY;
		}
		const client = new ClientConnection(this.context, connection, listenPort, () => {
			this.#connections.delete(client);
			if (full) this.#refused--;
			if (this.#connections.size === 0) for (const emptied of this.#onEmpty) emptied();
		});
		this.#connections.add(client);
		if (full) {
			this.#refused++;
			client.refuse(new RuntimeError('ERR_OVERLOADED', `more than ${connectionsMax} connections are open`));
		}
		return client;
	}
}
