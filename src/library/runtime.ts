/** What a program has of httpfn: the types of the npm package. They stand alone, so that its declarations are all there is to read. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** One function, served to this program. */
export interface Runtime extends AsyncDisposable {
	/** `namespace`: each instance has a place of its own. `direct`: one instance, on this host's 127.0.0.1:8000. */
	readonly isolation: 'namespace' | 'direct';
	/** What it is doing now. */
	readonly stats: RuntimeStats;
	/**
	 * Has the function answer a request, by the rules of the gateway: its headers, limits and errors. It is a handler as servers of the
	 * Fetch API take one, and needs no `this`: `Bun.serve({ fetch: runtime.fetch })`, `Deno.serve(runtime.fetch)`, `new
	 * Hono().mount('/', runtime.fetch)`.
	 *
	 * What goes wrong is answered, as `{"error_code","error_msg","request_id"}` with the code of httpfn in `X-Httpfn-Error`. It rejects
	 * only with the reason of the request's signal, which frees the place of the request, or with the failure of the request's body. A
	 * streamed body that can not be finished fails with an error, so that no server ends it as if it were whole.
	 */
	readonly fetch: (request: Request, source?: RequestSource) => Promise<Response>;
	/**
	 * Takes an upgrade over from a server of `node:http` or `node:https`: `server.on('upgrade', runtime.handleUpgrade)`. The function
	 * sees the request and may switch to WebSocket; whatever else it answers ends the connection. The socket is the runtime's from then
	 * on; nothing that happens on it throws.
	 */
	readonly handleUpgrade: (request: IncomingMessage, socket: Duplex, head: Uint8Array) => void;
	/**
	 * Sends one APIG event, as an object or as JSON text, and resolves with the envelope. Rejects with an {@link HttpfnError} where the
	 * gateway would answer one, and with the reason of `signal`.
	 */
	invoke(event: ApigEvent | string, options?: { readonly signal?: AbortSignal }): Promise<Envelope>;
	/** Has `listener` told of an event from now on. Answers how that ends. */
	on<Name extends keyof RuntimeEvents>(name: Name, listener: RuntimeListener<Name>): () => void;
	/**
	 * Answers no new request (503, ERR_DRAINING), lets those under way end within `graceMs` (default 10,000), then ends the function.
	 * Resolves when nothing of it is left. Twice is harmless; the shorter grace holds.
	 */
	close(graceMs?: number): Promise<void>;
}

export interface RuntimeStats {
	/** Instances that do not listen yet. */
	readonly starting: number;
	/** Instances that take requests. */
	readonly ready: number;
	/** Instances that are being let go. */
	readonly leaving: number;
	/** Requests that have a place on an instance. */
	readonly requests: number;
	/** Requests that wait for one. */
	readonly waiting: number;
	/** Instances started so far. */
	readonly starts: number;
}

/**
 * Where a request came from, as functions are told. Servers hand it over by themselves: the second argument of the handlers of Deno and
 * of Bun is understood. Without it a request comes from 127.0.0.1.
 */
export type RequestSource =
	| { readonly remoteAddress?: string | undefined }
	/** Of Deno: what `Deno.serve` knows of a request. */
	| { readonly remoteAddr: object }
	/** Of Bun: the server. */
	| { requestIP(request: Request): { readonly address: string } | null };

/** A request as the platform's gateway writes it for functions. */
export interface ApigEvent {
	readonly httpMethod: string;
	readonly path: string;
	readonly headers?: Readonly<Record<string, string | readonly string[]>>;
	readonly queryStringParameters?: Readonly<Record<string, string | readonly string[]>>;
	readonly body?: string;
	readonly isBase64Encoded?: boolean;
	readonly [field: string]: unknown;
}

/** A response as the platform's gateway takes it from functions. */
export interface Envelope {
	readonly statusCode: number;
	/** By name in the manner of `Content-Type`, with each value apart. */
	readonly headers: Readonly<Record<string, readonly string[]>>;
	/** In Base64. */
	readonly body: string;
	readonly isBase64Encoded: true;
}

export interface RuntimeEvents {
	/** A process of an instance was started. */
	readonly start: { readonly pid: number };
	/** It listens, and takes requests; `startMs` since it was wanted. */
	readonly listening: { readonly pid: number; readonly startMs: number };
	/** An instance has ended, and nothing of it is left. */
	readonly exit: InstanceExit;
	/** A record of httpfn's own. */
	readonly log: LogRecord;
	/** A line that the function wrote. */
	readonly output: OutputLine;
}

/** What it throws is the program's own: it is thrown on as an uncaught exception, and harms no request. */
export type RuntimeListener<Name extends keyof RuntimeEvents> = (event: RuntimeEvents[Name]) => void;

/** Listeners from the beginning. */
export type RuntimeListeners = { readonly [Name in keyof RuntimeEvents]?: RuntimeListener<Name> };

export interface InstanceExit {
	readonly pid: number;
	/** The first cause of the end; `stopped` is what httpfn wanted. */
	readonly cause: 'exited' | 'signaled' | 'over-memory' | 'init-timeout' | 'deaf' | 'stopped';
	/** The cause in words: `exited with code 3`. */
	readonly reason: string;
	/** The exit code, where it ended by itself. */
	readonly code: number | null;
	/** It had listened before. */
	readonly listened: boolean;
	/** The last lines of its stderr. */
	readonly stderr: readonly string[];
	/** Requests that were on it. */
	readonly requestIds: readonly string[];
}

export interface LogRecord {
	readonly time: Date;
	readonly level: 'debug' | 'info' | 'warn' | 'error';
	readonly message: string;
	/** Flat; `code` is one of docs/errors.md, `requestId` what the client was told. */
	readonly fields: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
}

export interface OutputLine {
	readonly time: Date;
	readonly stream: 'stdout' | 'stderr';
	readonly line: string;
	/** Of the only request that was under way; null: there was none, or there were several. */
	readonly requestId: string | null;
}

/** What `createRuntime` and `invoke` reject with. */
export interface HttpfnError extends Error {
	readonly name: 'RuntimeError';
	/** Permanent: docs/errors.md lists all. */
	readonly code: `ERR_${string}`;
	/** With ERR_CONFIG_INVALID: everything that is wrong with the options and the config file. */
	readonly mistakes?: readonly OptionMistake[];
}

export interface OptionMistake {
	/** `option memory`, `httpfn.json: memory`. */
	readonly source: string;
	/** What was found, and what was wanted. */
	readonly problem: string;
}
