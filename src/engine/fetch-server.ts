/** HTTP by Request and Response, by the fastest server that the engine has. */
import type { FetchServer, FetchServerOptions } from './fetch-server-options.ts';

/** Options of Bun.serve, as far as they are set here. */
export type BunServeOptions = Readonly<Record<string, unknown>>;

export interface BunServer {
	readonly port: number;
	stop(closeActive?: boolean): Promise<void>;
}

interface BunHttp {
	serve(options: BunServeOptions): BunServer;
}

interface DenoHttp {
	serve(
		options: { readonly hostname: string; readonly port: number; onListen(): void },
		handler: FetchServerOptions['fetch'],
	): { readonly addr: { readonly port: number }; shutdown(): Promise<void> };
}

const { Bun, Deno } = globalThis as { readonly Bun?: BunHttp; readonly Deno?: DenoHttp };
// Before a function's code is loaded, which is given others in their place.
const bunServe = Bun?.serve;
const denoServe = Deno?.serve;

/** No limits of the engine's: what a request may take and hold is the gateway's business. */
const BUN_LIMITS = { idleTimeout: 0, maxRequestBodySize: Number.MAX_SAFE_INTEGER, development: false };

/** Rejects with the system's error where the port is taken. */
export async function serveFetch(options: FetchServerOptions): Promise<FetchServer> {
	const { host: hostname, port, fetch } = options;
	if (bunServe !== undefined) return bunServe({ ...BUN_LIMITS, hostname, port, fetch });
	if (denoServe !== undefined) {
		const server = denoServe({ hostname, port, onListen() {} }, fetch);
		return { port: server.addr.port, stop: () => server.shutdown() };
	}
	const { serveFetchNode } = await import('./fetch-server-node.ts');
	return serveFetchNode(options);
}
