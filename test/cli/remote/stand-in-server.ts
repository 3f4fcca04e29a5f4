/** Stands in for any server that speaks the platform's API: it answers as a test tells it, and remembers what it was asked. */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
	readonly method: string;
	/** Path and query as on the wire. */
	readonly url: string;
	readonly headers: http.IncomingHttpHeaders;
	/** Parsed where it is JSON, else text. */
	readonly body: unknown;
}

export interface Told {
	readonly status?: number;
	readonly headers?: Readonly<Record<string, string>>;
	/** JSON, or text as it is. */
	readonly body?: unknown;
	/** Do not end the answer. */
	readonly open?: true;
}

type Handler = (asked: Asked) => Told;

export class StandInServer implements AsyncDisposable {
	readonly asked: Asked[] = [];
	readonly url: string;
	readonly #server: http.Server;

	constructor(server: http.Server, url: string) {
		this.#server = server;
		this.url = url;
	}

	/** `GET path?query` of each request, in order; with the project's part left out. */
	get calls(): readonly string[] {
		return this.asked.map(({ method, url }) => `${method} ${url.replace('/v2/default/fgs', '')}`);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#server.closeAllConnections();
		this.#server.close();
		await once(this.#server, 'close');
	}
}

export async function standInServer(handler: Handler): Promise<StandInServer> {
	const server = http.createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk) => chunks.push(chunk));
		request.on('end', () => {
			const { method = '', url = '', headers } = request;
			const asked = { method, url, headers, body: parsed(Buffer.concat(chunks).toString('utf8')) };
			stand.asked.push(asked);
			const { status = 200, headers: more = {}, body, open } = handler(asked);
			response.writeHead(status, { 'x-request-id': 'request-1', ...more });
			if (body !== undefined) response.write(typeof body === 'string' ? body : JSON.stringify(body));
			if (!open) response.end();
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	const stand = new StandInServer(server, `http://127.0.0.1:${port}`);
	return stand;
}

export function notFound(code = 'FSS.1051'): Told {
	return { status: 404, body: { error_code: code, error_msg: 'The function does not exist.' } };
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
