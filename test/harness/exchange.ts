/** One request on a connection of its own, and the whole answer. */
import { Readable } from 'node:stream';
import { Client, type Dispatcher } from 'undici';

export interface ExchangeRequest {
	readonly method?: string;
	/** Sent as it is. */
	readonly target?: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
}

export interface Answer {
	readonly status: number;
	/** The value of a header, or null; repeated ones joined by ", ". */
	header(name: string): string | null;
	readonly body: Buffer;
	readonly text: string;
	/** The body parsed as JSON; only what the test expects of it is checked. */
	readonly json: unknown;
}

/** `origin` is a URL without a path. Rejects where the connection ends before the answer does. */
export async function exchange(origin: string, request: ExchangeRequest = {}): Promise<Answer> {
	const client = new Client(origin);
	try {
		const options: Dispatcher.RequestOptions<null> = {
			method: (request.method ?? 'GET') as Dispatcher.HttpMethod,
			path: request.target ?? '/',
			headers: request.headers ?? {},
			body: requestBody(request.body),
		};
		const response = await client.request(options);
		const body = Buffer.from(await response.body.arrayBuffer());
		return {
			status: response.statusCode,
			header: (name) => {
				const value = response.headers[name.toLowerCase()];
				return value === undefined ? null : [value].flat().join(', ');
			},
			body,
			text: body.toString('utf8'),
			get json() {
				return JSON.parse(body.toString('utf8')) as unknown;
			},
		};
	} finally {
		await client.destroy();
	}
}

/** A body of unknown length goes out in chunks. */
function requestBody(body: ExchangeRequest['body']): string | Uint8Array | Readable | null {
	if (body === undefined) return null;
	return typeof body === 'string' || body instanceof Uint8Array ? body : Readable.from(body);
}
