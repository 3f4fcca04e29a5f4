/** The listener of the control plane. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { RuntimeError } from '../contract/errors.ts';
import { limitReceiveBuffer } from '../engine/receive-buffer.ts';
import { listeningDescriptors } from '../process/listening-descriptors.ts';
import { type ControlAppOptions, controlApp } from './control-app.ts';

/** Milliseconds for a head, and for a whole request: a slow upload of 72 MB takes its time. */
const HEAD_MS_MAX = 15_000;
const REQUEST_MS_MAX = 300_000;
/** Bytes of a head; an SDK's is about one KiB. */
const HEAD_BYTES_MAX = 64 * 1024;
const CONNECTIONS_MAX = 256;
/**
 * What the kernel keeps unread of a connection: enough for 6 MB/s from a client that is 20 ms away, and little to read at once
 * (clause E-141).
 */
const RECEIVE_BYTES = 128 * 1024;

type ControlOptions = Omit<ControlAppOptions, 'draining'>;

interface Listening {
	readonly server: Server;
	readonly draining: AbortController;
}

export class ControlServer {
	readonly #options: ControlOptions;
	#listening: Listening | null = null;

	constructor(options: ControlOptions) {
		this.#options = options;
	}

	/** Accepts from now on, also after a `close`; port 0 picks a free one. Rejects with ERR_LISTEN_FAILED. */
	async listen(address: {
		readonly host: string;
		readonly port: number;
	}): Promise<{ host: string; port: number }> {
		const { server, draining } = this.#make();
		await new Promise<void>((resolve, reject) => {
			server.once('error', (error: NodeJS.ErrnoException) => {
				const message = `cannot listen on ${address.host}:${address.port} for the control plane: ${error.code ?? error.message}`;
				reject(new RuntimeError('ERR_LISTEN_FAILED', message, { cause: error }));
			});
			server.listen({ host: address.host, port: address.port }, resolve);
		});
		this.#listening = { server, draining };
		const { address: host, port } = server.address() as AddressInfo;
		const [descriptor = null] = await listeningDescriptors([{ kind: 'tcp', host, port }]);
		// Where it is not to be found the buffer stays as it is.
		if (descriptor !== null) limitReceiveBuffer(descriptor, RECEIVE_BYTES);
		return { host, port };
	}

	/** Takes no call from now on, lets those under way finish within the grace, and cuts the rest. Twice is harmless. */
	async close(graceMs: number): Promise<void> {
		if (this.#listening === null) return;
		const { server, draining } = this.#listening;
		draining.abort();
		if (!server.listening) return;
		const closed = new Promise<void>((resolve) => server.close(() => resolve()));
		server.closeIdleConnections();
		const timer = setTimeout(() => server.closeAllConnections(), graceMs);
		await closed;
		clearTimeout(timer);
	}

	#make(): Listening {
		const draining = new AbortController();
		// Globals stay the engine's own: the data plane and functions of others rely on them.
		const listener = getRequestListener(controlApp({ ...this.#options, draining: draining.signal }).fetch, {
			overrideGlobalObjects: false,
		});
		const limits = {
			headersTimeout: HEAD_MS_MAX,
			requestTimeout: REQUEST_MS_MAX,
			maxHeaderSize: HEAD_BYTES_MAX,
		};
		const server = createServer(limits, (request, response) => void listener(request, response));
		server.maxConnections = CONNECTIONS_MAX;
		return { server, draining };
	}
}
