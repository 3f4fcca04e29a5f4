import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { FetchServer, FetchServerOptions } from './fetch-server-options.ts';

/** `serveFetch` of Node.js: node:http, with Request and Response put on it by a library. */
export async function serveFetchNode({ host, port, fetch }: FetchServerOptions): Promise<FetchServer> {
	// A server of node:http, since no other is asked for.
	const server = createAdaptorServer({ fetch, hostname: host }) as import('node:http').Server;
	// What a request may take is the gateway's business.
	Object.assign(server, { requestTimeout: 0, headersTimeout: 0, timeout: 0 });
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, () => {
			server.off('error', reject);
			resolve();
		});
	});
	return {
		port: (server.address() as AddressInfo).port,
		stop: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeIdleConnections();
			}),
	};
}
