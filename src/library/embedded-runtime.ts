import { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { assert } from '../base/assert.ts';
import { RuntimeError } from '../contract/errors.ts';
import { LIMITS } from '../contract/limits.ts';
import { takeOverSocket } from '../engine/connection-node.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { invokeEvent } from '../gateway/invocation.ts';
import type { RequestPeer } from '../gateway/request-origins.ts';
import type { FunctionServer } from '../server/function-server.ts';
import type { ListenerBook } from './listener-book.ts';
import type {
	ApigEvent,
	Envelope,
	RequestSource,
	Runtime,
	RuntimeEvents,
	RuntimeListener,
	RuntimeStats,
} from './runtime.ts';
import { sourceOf } from './source-of.ts';
import { upgradeHead } from './upgrade-head.ts';

/** What is behind a URL that begins with https:. */
const ENCRYPTED = { protocol: 'http/1.1', serverName: null } as const;

export class EmbeddedRuntime implements Runtime {
	readonly isolation: Runtime['isolation'];
	readonly #server: FunctionServer;
	readonly #gateway: Gateway;
	readonly #book: ListenerBook;

	constructor(server: FunctionServer, book: ListenerBook) {
		assert(server.gateway !== null, 'an option of a library is not the number of processes');
		this.#gateway = server.gateway;
		this.#server = server;
		this.#book = book;
		this.isolation = server.isolation;
	}

	get stats(): RuntimeStats {
		return this.#server.served.stats();
	}

	readonly fetch = async (request: Request, source?: RequestSource): Promise<Response> => {
		const { protocol, port } = new URL(request.url);
		const secure = protocol === 'https:';
		const peer: RequestPeer = { remoteAddress: sourceOf(request, source), tls: secure ? ENCRYPTED : null };
		const listenPort = port === '' ? (secure ? 443 : 80) : Number(port);
		return this.#gateway.fetch(request, peer, listenPort);
	};

	readonly handleUpgrade = (request: IncomingMessage, socket: Duplex, head: Uint8Array): void => {
		if (socket.destroyed) return;
		// What node:http hands over is one, whatever its type says.
		const netSocket = socket as Socket;
		const early = Buffer.concat([upgradeHead(request), head]);
		takeOverSocket(netSocket, early, (connection) =>
			this.#gateway.accept(connection, netSocket.localPort ?? 80),
		);
	};

	async invoke(
		event: ApigEvent | string,
		{ signal }: { readonly signal?: AbortSignal } = {},
	): Promise<Envelope> {
		signal?.throwIfAborted();
		const gateway = this.#gateway;
		const { served } = this.#server;
		if (gateway.context.draining) {
			throw new RuntimeError('ERR_DRAINING', 'httpfn is stopping and takes no new request');
		}
		const bytes = Buffer.from(typeof event === 'string' ? event : JSON.stringify(event), 'utf8');
		const pieces: Buffer[] = [];
		const cut = new AbortController();
		const leave = gateway.enter({ retire() {}, cut: () => cut.abort() });
		try {
			await invokeEvent(() => served.target, {
				async *readEvent(from = 0, to = bytes.length) {
					yield bytes.subarray(from, to);
				},
				// A piece is given back when this resolves.
				writeEnvelope: async (piece) => void pieces.push(Buffer.from(piece)),
				signal: signal === undefined ? cut.signal : AbortSignal.any([signal, cut.signal]),
			});
		} catch (error) {
			signal?.throwIfAborted();
			throw error;
		} finally {
			leave();
		}
		return JSON.parse(Buffer.concat(pieces).toString('utf8')) as Envelope;
	}

	on<Name extends keyof RuntimeEvents>(name: Name, listener: RuntimeListener<Name>): () => void {
		return this.#book.add(name, listener);
	}

	close(graceMs: number = LIMITS.drainGraceMs): Promise<void> {
		return this.#server.stop(graceMs);
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.close();
	}
}
