/** The control plane's listener over a real catalog in a folder of its own, without any function running. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Catalog } from '../../src/catalog/catalog.ts';
import { CodePackages } from '../../src/catalog/code-packages.ts';
import type { FunctionConfig } from '../../src/catalog/function-config.ts';
import type { FunctionRecord } from '../../src/catalog/records.ts';
import { Sealer } from '../../src/catalog/sealer.ts';
import { Authenticator } from '../../src/control/auth/authenticator.ts';
import type { ControlContext } from '../../src/control/control-context.ts';
import { ControlServer } from '../../src/control/control-server.ts';
import { openApiDocument } from '../../src/control/openapi/openapi-document.ts';
import { ALL_OPERATIONS, REFUSED_OPERATIONS } from '../../src/control/operations.ts';
import { RecentLines } from '../../src/telemetry/recent-lines.ts';
import { CONFIG } from '../catalog/catalog-bed.ts';
import { judgeAnswer } from './answer-judge.ts';
import { RecordingLog } from './recording-log.ts';
import { zipOf } from './zip-of.ts';

export interface Answered {
	readonly status: number;
	readonly headers: Headers;
	/** X-Httpfn-Error; null: none. */
	readonly code: string | null;
	// biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the test is about
	readonly body: any;
}

const CODE = { type: 'zip', filename: 'index.zip', bytes: 3_000_000, digest: 'ab'.repeat(64) } as const;
export const PROJECT = 'p1';
export const GATEWAY = 'http://127.0.0.1:8080';

export class OperationsBed {
	readonly catalog: Catalog;
	readonly sealer: Sealer;
	readonly lines = new RecentLines();
	/** The time that statistics are told for. */
	nowMs = Date.now();
	url = '';
	readonly #folder: string;
	readonly #server: ControlServer;

	static async open(): Promise<OperationsBed> {
		const bed = new OperationsBed(await mkdtemp(join(tmpdir(), 'httpfn-operations-')));
		const { port } = await bed.#server.listen({ host: '127.0.0.1', port: 0 });
		bed.url = `http://127.0.0.1:${port}`;
		return bed;
	}

	private constructor(folder: string) {
		this.#folder = folder;
		this.catalog = Catalog.open(folder);
		const sealer = Sealer.open(folder);
		this.sealer = sealer;
		const context: ControlContext = {
			catalog: this.catalog,
			packages: new CodePackages(folder),
			sealer,
			invoker: unused<ControlContext['invoker']>('invoker'),
			lines: this.lines,
			region: 'cn',
			gatewayUrl: () => GATEWAY,
			now: () => this.nowMs,
		};
		this.#server = new ControlServer({
			context,
			authenticator: new Authenticator({ users: this.catalog.users, sealer, open: true }),
			operations: ALL_OPERATIONS,
			refused: REFUSED_OPERATIONS,
			openApi: openApiDocument,
			spoolFolder: folder,
			log: new RecordingLog(),
		});
	}

	makeFunction(name: string, changes: Partial<FunctionConfig> = {}): FunctionRecord {
		const key = { project: PROJECT, package: 'default', name };
		return this.catalog.functions.create(key, { ...CONFIG, ...changes }, CODE);
	}

	/** The path is below `/v2/p1/`, unless it begins with a slash. Answers are held to the OpenAPI document. */
	async call(method: string, path: string, body?: unknown): Promise<Answered> {
		const full = path.startsWith('/') ? path : `/v2/${PROJECT}/${path}`;
		const response = await this.fetch(method, full, body);
		const text = await response.text();
		const answer = text === '' ? null : JSON.parse(text);
		judgeAnswer(method, full, response.status, answer);
		const { status, headers } = response;
		return { status, headers, code: headers.get('x-httpfn-error'), body: answer };
	}

	fetch(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
		return fetch(`${this.url}${path}`, {
			method,
			headers: { 'X-Auth-Token': 'any', 'Content-Type': 'application/json' },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
			...(signal === undefined ? {} : { signal }),
		});
	}

	/** A function made over the API; answers what it answered. */
	async create(name: string, more: object = {}): Promise<Answered> {
		const file = (await zipOf({ bootstrap: 'true\n', name })).toString('base64');
		const code = { code_type: 'zip', code_filename: 'code.zip', func_code: { file } };
		return this.call('POST', 'fgs/functions', { func_name: name, runtime: 'http', ...code, ...more });
	}

	/** Stops the listener as a server that ends does. */
	stop(graceMs: number): Promise<void> {
		return this.#server.close(graceMs);
	}

	async close(): Promise<void> {
		await this.#server.close(0);
		this.catalog.close();
		await rm(this.#folder, { recursive: true });
	}
}

/** Runs a test on a bed of its own. */
export async function withBed(run: (bed: OperationsBed) => Promise<void>): Promise<void> {
	const bed = await OperationsBed.open();
	try {
		await run(bed);
	} finally {
		await bed.close();
	}
}

/** A part that the operations under test must not touch. */
function unused<Part extends object>(name: string): Part {
	const refuse = (): never => {
		throw new Error(`an operation used ${name}`);
	};
	return new Proxy({} as Part, { get: refuse });
}
