/** Calls of the platform's API: signed, sent, and judged. Never repeats one. */
import type { ServerAddress } from '../../config/server-address.ts';
import { RuntimeError } from '../../contract/errors.ts';
import { signRequest } from '../../contract/sdk-signature.ts';
import { productVersion } from '../product-version.ts';
import { ServerError } from './server-error.ts';

export type ApiMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface ApiCall {
	readonly query?: Readonly<Record<string, string | number>>;
	/** Sent as JSON. */
	readonly body?: unknown;
	/** JSON that is text already. */
	readonly text?: string | Uint8Array<ArrayBuffer>;
	readonly headers?: Readonly<Record<string, string>>;
	readonly signal?: AbortSignal;
}

/** A server that has no users takes any signature, but wants one. */
const ANYBODY = { accessKey: 'anybody', secretKey: 'anybody' };

export class ControlClient {
	readonly server: ServerAddress;

	constructor(server: ServerAddress) {
		this.server = server;
	}

	/** `path` comes after `/v2/{project_id}/`. Null: an answer without a body. */
	async call(method: ApiMethod, path: string, call: ApiCall = {}): Promise<unknown> {
		const { projectId } = this.server;
		const response = await this.send(method, `/v2/${encodeURIComponent(projectId)}/${path}`, call);
		const text = await this.#read(response);
		if (text === '') return null;
		try {
			return JSON.parse(text);
		} catch {
			throw new RuntimeError(
				'ERR_SERVER_REFUSED',
				`${method} ${path}: the answer of ${this.server.endpoint} is no JSON, wanted the platform's API`,
			);
		}
	}

	/** The answer as it comes. Rejects with ERR_SERVER_UNREACHABLE, or with a ServerError for any status but 2xx. */
	async send(method: ApiMethod, path: string, call: ApiCall = {}): Promise<Response> {
		const { endpoint } = this.server;
		const query = Object.entries(call.query ?? {}).map(([name, value]): [string, string] => [
			name,
			`${value}`,
		]);
		const search = query.length === 0 ? '' : `?${new URLSearchParams(query)}`;
		const url = `${endpoint}${path}${search}`;
		const body = call.text ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
		const headers = this.#signed(method, url, body, call.headers ?? {});
		const { signal } = call;
		let response: Response;
		try {
			response = await fetch(url, {
				method,
				headers,
				redirect: 'manual',
				...(body === undefined ? {} : { body: body }),
				...(signal === undefined ? {} : { signal }),
			});
		} catch (error) {
			if (signal?.aborted) throw error;
			throw unreachable(endpoint, error);
		}
		if (response.ok) return response;
		const { status, headers: given } = response;
		throw new ServerError(`${method} ${path}`, { status, headers: given, text: await this.#read(response) });
	}

	#signed(
		method: string,
		url: string,
		body: string | Uint8Array<ArrayBuffer> | undefined,
		more: Readonly<Record<string, string>>,
	): Record<string, string> {
		const { credentials, projectId } = this.server;
		const headers = {
			'Content-Type': 'application/json',
			'User-Agent': `httpfn/${productVersion().version}`,
			'X-Project-Id': projectId,
			...more,
		};
		if (credentials.kind === 'token') return { ...headers, 'X-Auth-Token': credentials.token };
		const { accessKey, secretKey } = credentials.kind === 'keys' ? credentials : ANYBODY;
		return signRequest({ method, url, headers, body: body ?? '', accessKey, secretKey, now: Date.now() });
	}

	async #read(response: Response): Promise<string> {
		try {
			return await response.text();
		} catch (error) {
			throw unreachable(this.server.endpoint, error);
		}
	}
}

/** An engine's own words for it are in the cause of what its fetch throws. */
function unreachable(endpoint: string, error: unknown): RuntimeError {
	const { cause, message } = error as Error;
	const reason = cause instanceof Error ? (Reflect.get(cause, 'code') ?? cause.message) : message;
	return new RuntimeError('ERR_SERVER_UNREACHABLE', `no answer from ${endpoint} (${reason})`, {
		cause: error,
	});
}
