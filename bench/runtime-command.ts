/** Writes the function of one runtime into a folder and says how to start both. Every answer is the same text of 48 bytes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Runtime } from './runtime.ts';
import { BODY_BYTES, PROXY_PORT } from './task.ts';

export interface RuntimeCommand {
	readonly file: string;
	readonly args: readonly string[];
	readonly environment: Readonly<Record<string, string>>;
}

const TEXT = JSON.stringify('x'.repeat(BODY_BYTES.small));
const COMPATIBILITY_DATE = '2026-01-01';
export const WORKER = `const text = ${TEXT};
export default {
	fetch() {
		return new Response(text, { headers: { 'content-type': 'text/plain' } });
	},
};
`;

export function runtimeCommand(runtime: Runtime, folder: string): RuntimeCommand {
	const write = (name: string, text: string): string => {
		const path = join(folder, name);
		writeFileSync(path, text);
		return path;
	};
	// What a deployment would set; it saves express some work.
	const environment = { NODE_ENV: 'production' };
	const node = process.execPath;
	switch (runtime.kind) {
		case 'node':
			return { file: node, args: [write('main.mjs', nodeServer(PROXY_PORT))], environment };
		case 'functions-framework': {
			write('index.js', functionsFrameworkFunction());
			write('package.json', '{ "main": "index.js" }');
			const args = [runtime.program, `--source=${folder}`, '--target=hello', `--port=${PROXY_PORT}`];
			return { file: node, args, environment };
		}
		case 'workerd':
			write('worker.mjs', WORKER);
			return { file: runtime.program, args: ['serve', write('config.capnp', workerdConfig())], environment };
		case 'miniflare':
			return { file: node, args: [write('main.mjs', miniflareMain(runtime.program))], environment };
		case 'httpfn': {
			const code = join(folder, 'function');
			mkdirSync(code);
			write('function/index.mjs', nodeServer(8000));
			write('function/bootstrap', `exec '${node}' index.mjs\n`);
			const listen = ['--listen', `127.0.0.1:${PROXY_PORT}`];
			const args = ['run', code, ...listen, '--isolation', 'direct', '--timeout', '60'];
			return { file: runtime.program, args, environment };
		}
		default:
			return runtime.kind satisfies never;
	}
}

function nodeServer(port: number): string {
	return `import { createServer } from 'node:http';
const text = ${TEXT};
createServer((request, response) => {
	response.writeHead(200, { 'content-type': 'text/plain', 'content-length': text.length });
	response.end(text);
}).listen(${port}, '127.0.0.1');
`;
}

function functionsFrameworkFunction(): string {
	return `const text = ${TEXT};
exports.hello = (request, response) => {
	response.type('text/plain').send(text);
};
`;
}

function workerdConfig(): string {
	return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
	services = [(name = "main", worker = .hello)],
	sockets = [(name = "http", address = "127.0.0.1:${PROXY_PORT}", http = (), service = "main")],
);
const hello :Workerd.Worker = (
	modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
	compatibilityDate = "${COMPATIBILITY_DATE}",
);
`;
}

/** Without the facts about a client's place that it would ask the network for. */
function miniflareMain(module: string): string {
	return `import { Miniflare } from ${JSON.stringify(pathToFileURL(module).href)};
const runtime = new Miniflare({
	host: '127.0.0.1',
	port: ${PROXY_PORT},
	cf: false,
	modules: true,
	script: ${JSON.stringify(WORKER)},
	compatibilityDate: '${COMPATIBILITY_DATE}',
});
process.once('SIGTERM', () => runtime.dispose().finally(() => process.exit(0)));
await runtime.ready;
`;
}
