/**
 * The contract between the benchmark and the process that it starts in a network namespace of its own: one task
 * in, one result out, both JSON.
 */
import type {
	ColdTask,
	ColdTaskResult,
	CrowdTask,
	CrowdTaskResult,
	ThawTask,
	ThawTaskResult,
} from './cold-start-task.ts';
import type { EdgeStartTask, EdgeStartTaskResult } from './edge-start-task.ts';
import type { Peer } from './peer.ts';
import type { Runtime } from './runtime.ts';

/** What the client speaks to the proxy; h2 is HTTP/2 over TLS. The function is always asked in HTTP/1.1. */
export type Protocol = 'http' | 'https' | 'h2';

/** Bytes of the answers that the function gives; after `closing` it closes its connection. */
export const BODY_BYTES = { small: 48, large: 5_000_000, closing: 48 } as const;

export type BodyName = keyof typeof BODY_BYTES;

export const BODY_NAMES = Object.keys(BODY_BYTES) as readonly BodyName[];

/** Every proxy listens here, inside its own namespace. */
export const PROXY_PORT = 8080;

export interface LoadTask {
	readonly kind: 'load';
	readonly peer: Peer;
	readonly body: BodyName;
	readonly protocol: Protocol;
	/** Requests in flight at a time. */
	readonly connections: number;
	readonly warmUpSeconds: number;
	readonly seconds: number;
}

/** Speaks HTTP/1.1 without TLS: what a proxy adds to latency is not the protocol's. */
export interface RateTask {
	readonly kind: 'rate';
	readonly peer: Peer;
	readonly ratePerSecond: number;
	readonly warmUpSeconds: number;
	readonly seconds: number;
}

export interface StartupTask {
	readonly kind: 'startup';
	readonly peers: readonly Peer[];
	/** Fresh processes of each peer. */
	readonly samples: number;
}

export interface HeadersTask {
	readonly kind: 'headers';
	readonly peer: Peer;
}

export interface RuntimeTask {
	readonly kind: 'runtime';
	readonly runtime: Runtime;
	readonly warmUpSeconds: number;
	readonly seconds: number;
}

export type Task =
	| RuntimeTask
	| RateTask
	| LoadTask
	| StartupTask
	| HeadersTask
	| ColdTask
	| CrowdTask
	| ThawTask
	| EdgeStartTask;

export interface LoadResult {
	readonly requests: number;
	readonly seconds: number;
	/** User and system time of all processes and threads of the proxy while the load ran. */
	readonly cpuSeconds: number;
	readonly p50Ms: number;
	readonly p99Ms: number;
	/** Sum of VmHWM over the proxy's processes, in kilobytes of 1,024 bytes, as the kernel prints them. */
	readonly peakRssKib: number;
	/** Sum of VmRSS over the proxy's processes, one sample a second. */
	readonly rssKib: readonly number[];
	/** Socket errors, time-outs and answers outside 200 to 399 that the client counted. */
	readonly errors: number;
	/** Connections that got nothing for half of the load before its last tenth. */
	readonly silentConnections: number;
	/** Over HTTP/2, streams likewise. */
	readonly silentStreams: number;
	/** Body bytes that the client is short of; 0 in an honest run. */
	readonly bytesMissing: number;
}

/** From when a request was due to the end of its answer, in milliseconds: of the function alone, then through the proxy. */
export interface RateResult {
	readonly directP50Ms: number;
	readonly directP99Ms: number;
	readonly p50Ms: number;
	readonly p99Ms: number;
}

/** Of all processes: the runtime and its function. */
export interface RuntimeResult extends LoadResult {
	/** Milliseconds from spawn to the end of the first answer. */
	readonly firstAnswerMs: number;
}

export interface StartupResult {
	readonly peer: string;
	/** Milliseconds from spawn to the first accepted connection, one a process. */
	readonly connectMs: readonly number[];
	/** Milliseconds from spawn to the URL line; empty for a program that prints none. */
	readonly urlLineMs: readonly number[];
}

export interface HeadersResult {
	/** Lower-case names that the function saw and the client did not send. */
	readonly requestNames: readonly string[];
	/** Lower-case names that the client saw and the function did not send. */
	readonly responseNames: readonly string[];
	/** Names of platform headers that the client forged and the function saw with the forged value. */
	readonly forgedNames: readonly string[];
}

export interface TaskResults {
	readonly runtime: RuntimeResult;
	readonly load: LoadResult;
	readonly rate: RateResult;
	readonly startup: readonly StartupResult[];
	readonly headers: HeadersResult;
	readonly cold: readonly ColdTaskResult[];
	readonly crowd: CrowdTaskResult;
	readonly thaw: ThawTaskResult;
	readonly 'edge-start': readonly EdgeStartTaskResult[];
}
