/** Plain calls of the platform's API, signed by the platform's own client library, and functions small enough to make many. */
import { AKSKSigner } from '@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js';
import { PATIENCE_SECONDS } from './binary.ts';
import { type Answer, exchange } from './exchange.ts';
import { zipOf } from './zip-of.ts';

export interface Keys {
	readonly accessKey: string;
	readonly secretKey: string;
}

/** With keys of nobody, for a server that takes any. */
export const ANY_KEYS: Keys = { accessKey: 'ak', secretKey: 'sk' };

export interface Called {
	readonly status: number;
	/** `error_code` of a refusal; null: none. */
	readonly code: string | null;
	// biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the test is about
	readonly body: any;
	header(name: string): string | null;
}

export class ControlClient {
	readonly #origin: string;
	readonly #keys: Keys | null;
	readonly project: string;

	/** Without a slash at the end; null: unsigned. */
	constructor(origin: string, keys: Keys | null = ANY_KEYS, project = 'p1') {
		this.#origin = origin;
		this.#keys = keys;
		this.project = project;
	}

	/** The path is below `/v2/<project>/`; it may have a query. Rejects where the connection ends before the answer does. */
	async call(method: string, path: string, data?: object, headers: object = {}): Promise<Called> {
		const { pathname, searchParams, search } = new URL(`${this.#origin}/v2/${this.project}/${path}`);
		const queryParams = Object.fromEntries(searchParams);
		const request = {
			endpoint: `${this.#origin}${pathname}`,
			method,
			queryParams,
			headers: { 'content-type': 'application/json', ...headers },
			data,
		};
		const sent = this.#keys === null ? request.headers : AKSKSigner.sign(request, credential(this.#keys));
		const body = data === undefined ? {} : { body: JSON.stringify(data) };
		const answer = await exchange(this.#origin, {
			method,
			target: pathname + search,
			headers: { ...sent },
			...body,
		});
		return called(answer);
	}

	/** The URN without a version. */
	urn(name: string): string {
		return `urn:fss:cn:${this.project}:function:default:${name}`;
	}

	/** A function that answers with `text`. */
	async create(name: string, text: string, more: object = {}): Promise<Called> {
		const body = {
			func_name: name,
			package: 'default',
			runtime: 'http',
			timeout: 10,
			initializer_timeout: PATIENCE_SECONDS,
			memory_size: 128,
			handler: 'bootstrap',
			...(await codeOf(text)),
			...more,
		};
		return this.call('POST', 'fgs/functions', body);
	}

	/** A trigger of latest; answers its `invoke_url`. */
	async trigger(name: string, path: string): Promise<string> {
		const event_data = {
			name: 'api',
			path,
			match_mode: 'SWA',
			req_method: 'ANY',
			protocol: 'HTTP',
			auth: 'NONE',
			env_name: 'RELEASE',
			func_info: { timeout: 60_000 },
		};
		const body = { trigger_type_code: 'APIG', trigger_status: 'ACTIVE', event_data };
		const answer = await this.call('POST', `fgs/triggers/${this.urn(name)}`, body);
		return answer.body.event_data.invoke_url;
	}
}

/** Answers with the file `text` of its package, and logs what it was asked for. */
const APP = `
import http from 'node:http';
import { readFileSync } from 'node:fs';
const text = readFileSync(new URL('text', import.meta.url), 'utf8');
http.createServer((request, response) => {
	console.log('asked for ' + request.url);
	request.resume();
	request.on('end', () => response.end(text));
}).listen(8000, '127.0.0.1');
`;

/** A function that answers with `text`. */
export function packageOf(text: string): Promise<Buffer> {
	return zipOf({ bootstrap: 'exec node $RUNTIME_CODE_ROOT/app.mjs', 'app.mjs': APP, text });
}

/** The same, as the bodies of requests that make or replace code have it. */
export async function codeOf(text: string): Promise<object> {
	const file = (await packageOf(text)).toString('base64');
	return { code_type: 'zip', code_filename: 'code.zip', func_code: { file } };
}

function called(answer: Answer): Called {
	const body = answer.text.startsWith('{') || answer.text.startsWith('[') ? answer.json : answer.text;
	const { error_code: code = null } = Object(body) as { error_code?: string };
	return { status: answer.status, code, body, header: (name) => answer.header(name) };
}

function credential({ accessKey, secretKey }: Keys) {
	return {
		getAk: () => accessKey,
		getSk: () => secretKey,
		processAuthParams: () => Promise.reject(new Error('not used')),
		processAuthRequest: () => Promise.reject(new Error('not used')),
	};
}
