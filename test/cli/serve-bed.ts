import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { type FunctionFolder, functionFolder } from '../harness/function-folder.ts';
import { runSource, type SourceResult } from '../harness/source-process.ts';
import { RunningCommand } from './running-command.ts';

/** Answers with what it is; /hold is answered when the test closes the connection that the function makes to it. */
const APP = `
import http from 'node:http';
import net from 'node:net';
http.createServer((request, response) => {
	const { pid, env } = process;
	const end = () => response.end(JSON.stringify({ pid, greeting: env.GREETING, url: request.url }));
	if (request.url !== '/hold') return end();
	net.connect(Number(env.GATE), '127.0.0.1').on('close', end).resume();
}).listen(8000, '127.0.0.1');
`;

export interface Answer {
	readonly status: number;
	readonly pid: number;
	readonly greeting: string;
}

/** A config file with one function, for `serve` in a runtime folder of its own. */
export class ServeCommandBed implements AsyncDisposable {
	readonly folder: FunctionFolder;
	readonly environment: Readonly<Record<string, string>>;
	readonly config: string;

	private constructor(folder: FunctionFolder) {
		this.folder = folder;
		this.environment = { XDG_RUNTIME_DIR: path.join(folder.path, 'run') };
		this.config = path.join(folder.path, 'httpfn.yaml');
	}

	static async open(): Promise<ServeCommandBed> {
		const app = { bootstrap: 'exec node $RUNTIME_CODE_ROOT/app.mjs', 'app.mjs': APP };
		const files = Object.entries(app).map(([name, text]) => [`one/${name}`, text]);
		return new ServeCommandBed(await functionFolder({ ...Object.fromEntries(files), 'run/.keep': '' }));
	}

	/** Writes the file: `more` are further lines of its function. */
	write(more: readonly string[] = [], top: readonly string[] = []): void {
		const lines = ['listen: 127.0.0.1:0', 'isolation: direct', 'logFormat: json', ...top];
		lines.push('functions:', '  one:', '    code: one', ...more.map((line) => `    ${line}`));
		fs.writeFileSync(this.config, `${lines.join('\n')}\n`);
	}

	serve(argv: readonly string[] = []): RunningCommand {
		return new RunningCommand(['--config', this.config, ...argv], this.environment, 'serve');
	}

	httpfn(argv: readonly string[]): Promise<SourceResult> {
		return runSource('src/cli/main.ts', argv, { env: this.environment });
	}

	/** `httpfn reload --json`, with what it printed. */
	async reload(): Promise<{ code: number | null; said: { code?: string; generation?: number } }> {
		const { code, stdout, stderr } = await this.httpfn(['reload', '--config', this.config, '--json']);
		return { code, said: JSON.parse(stdout || stderr) };
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.folder[Symbol.asyncDispose]();
	}
}

export async function ask(url: string): Promise<Answer> {
	const request = http.get(url, { agent: false });
	const [response] = (await once(request, 'response')) as [http.IncomingMessage];
	let body = '';
	for await (const chunk of response.setEncoding('utf8')) body += chunk;
	return { ...JSON.parse(body), status: response.statusCode ?? 0 };
}

/** What a function connects to while it holds a request. */
export class Gate implements AsyncDisposable {
	readonly #server: net.Server;
	readonly #sockets: net.Socket[] = [];

	private constructor(server: net.Server) {
		this.#server = server;
		server.on('connection', (socket) => {
			socket.on('error', () => {});
			this.#sockets.push(socket);
		});
	}

	static async open(): Promise<Gate> {
		const server = net.createServer().listen(0, '127.0.0.1');
		await once(server, 'listening');
		return new Gate(server);
	}

	get port(): number {
		return (this.#server.address() as net.AddressInfo).port;
	}

	/** Resolves when the function holds a request. */
	async held(): Promise<void> {
		if (this.#sockets.length === 0) await once(this.#server, 'connection');
	}

	release(): void {
		for (const socket of this.#sockets) socket.destroy();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.release();
		this.#server.close();
	}
}
