/**
 * A stream connection as the data plane sees it, the same on Node, Bun and Deno, whether it is encrypted or not.
 *
 * Order of events: onData*, then onEnd at most once (the peer sent FIN), then onClose exactly once. After
 * `destroy`, `reset` or onClose nothing but that onClose is delivered. Methods called after onClose do nothing.
 * Bytes handed to onData belong to the receiver: they are never overwritten, unless it writes them to another connection.
 */
export interface ConnectionHandler {
	onData(bytes: Buffer): void;
	/** What was queued has been written; comes only after a write that answered false. */
	onDrain(): void;
	/** The peer will send no more; we may still write. */
	onEnd(): void;
	/** `error` is null on an orderly close. */
	onClose(error: Error | null): void;
}

/** What client and server agreed on. */
export interface TlsSession {
	readonly protocol: 'h2' | 'http/1.1';
	/** In lower case; null: the client named no server. */
	readonly serverName: string | null;
}

export interface Connection {
	handler: ConnectionHandler;
	/** Null: the connection is not encrypted. */
	readonly tls: TlsSession | null;
	/** Of the peer, or of whom a preface speaks for; '' on a Unix socket. */
	remoteAddress: string;
	remotePort: number;
	/** True while bytes wait here that the kernel has not taken. */
	readonly queued: boolean;
	/**
	 * Queues bytes; they are the connection's from now on, to use their memory again. False: wait for onDrain before writing more. True: they
	 * are on their way; what the kernel then does not take is `queued`, and tells nobody when it has left.
	 */
	write(bytes: Uint8Array): boolean;
	/** Queues a Latin-1 head and, in the same packet where it fits, the body's first bytes. */
	writeHead(head: string, body: Uint8Array | null): boolean;
	/** Has the kernel ask a peer that is silent for a minute whether it is still there. Call it when the connection is open. */
	keepAlive(): void;
	pause(): void;
	resume(): void;
	/** Sends what is queued, then FIN; the peer may still send. */
	end(): void;
	/** Sends what is queued if the kernel takes it at once, then closes. */
	destroy(): void;
	/** Closes with RST, so that the peer can not take what it got for complete. */
	reset(): void;
}

/** Milliseconds of silence after which a kept-alive peer is asked. */
export const KEEP_ALIVE_MS = 60_000;
