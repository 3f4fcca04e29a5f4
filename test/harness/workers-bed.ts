/** A server with a control plane and workers, with a connection to each, and functions that say what the tests ask. */
import * as assert from 'uvu/assert';
import { runBinary } from './binary.ts';
import { ControlClient } from './control-client.ts';
import { DeployedHost } from './deployed-host.ts';
import { clientOfEach, type WorkerClient } from './worker-clients.ts';
import { zipOf } from './zip-of.ts';

export const WORKERS = 2;

/**
 * Answers with its instance and what it got; below /hold only when the body has come, which it says. To a POST elsewhere it answers as
 * an authorizer: it lets `ada` in, `slow` after the next request to /release, and says how many it has judged.
 */
const APP = `
import http from 'node:http';
const instance = crypto.randomUUID();
let judged = 0;
let release = () => {};
http.createServer((request, response) => {
	const holds = request.url.includes('/hold');
	if (holds) console.log('holds ' + request.url);
	if (request.url.includes('/release')) release();
	const chunks = [];
	request.on('data', (chunk) => chunks.push(chunk));
	request.on('end', () => {
		if (request.method === 'GET' || holds) {
			response.end(JSON.stringify({ instance, headers: request.headers }));
			return;
		}
		judged += 1;
		const { headers } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
		const status = ['ada', 'slow'].includes(headers['x-user']) ? 'allow' : 'deny';
		const answer = () => response.end(JSON.stringify({ status, context: { judged: String(judged) } }));
		if (headers['x-user'] !== 'slow') return answer();
		release = answer;
		console.log('judges slowly');
	});
}).listen(8000, '127.0.0.1');
`;

export interface WorkersBed extends AsyncDisposable {
	readonly host: DeployedHost;
	readonly client: ControlClient;
	readonly workers: readonly WorkerClient[];
	/** Runs a command that has to succeed; answers what it printed. */
	done(...argv: string[]): Promise<string>;
	/** A function of APP. */
	create(name: string, more?: object): Promise<void>;
	/** Keeps instances ready. */
	reserve(name: string, count: number): Promise<void>;
}

/** `count`: with 1 the server itself takes the requests, and there is no worker to have a connection to. */
export async function workersBed(count = WORKERS): Promise<WorkersBed> {
	const host = await DeployedHost.start({ argv: ['--workers', String(count)] });
	const client = new ControlClient(host.control);
	const at = ['--endpoint', host.control, '--project-id', client.project];
	const workers = await clientOfEach(host.running, host.url);
	const code = await appCode();
	return {
		host,
		client,
		workers,
		async done(...argv) {
			const { code: exit, stdout, stderr } = await runBinary([...argv, ...at]);
			assert.is(exit, 0, `${argv.join(' ')}: ${stderr}`);
			return stdout.trim();
		},
		async create(name, more = {}) {
			const { status, body } = await client.create(name, '', { ...code, ...more });
			assert.is(status, 200, JSON.stringify(body));
		},
		async reserve(name, count) {
			const path = `fgs/functions/${client.urn(name)}/reservedinstances`;
			assert.is((await client.call('PUT', path, { count, idle_mode: false })).status, 200);
		},
		async [Symbol.asyncDispose]() {
			for (const worker of workers) await worker[Symbol.asyncDispose]();
			await host[Symbol.asyncDispose]();
		},
	};
}

async function appCode(): Promise<object> {
	const files = { bootstrap: 'exec node $RUNTIME_CODE_ROOT/app.mjs', 'app.mjs': APP };
	const file = (await zipOf(files)).toString('base64');
	return { code_type: 'zip', code_filename: 'code.zip', func_code: { file } };
}

/** Each worker in turn. */
export async function asked<T>(workers: readonly WorkerClient[], ask: (worker: WorkerClient) => Promise<T>) {
	const answers: T[] = [];
	for (const worker of workers) answers.push(await ask(worker));
	return answers;
}

export const textOf = (url: string) => async (worker: WorkerClient) => (await worker.ask(url)).text;
export const statusOf = (url: string) => async (worker: WorkerClient) => (await worker.ask(url)).status;
/** X-Httpfn-Error. */
export const codeAt =
	(url: string, headers: Readonly<Record<string, string>> = {}) =>
	async (worker: WorkerClient) =>
		(await worker.ask(url, { headers })).value('x-httpfn-error');
