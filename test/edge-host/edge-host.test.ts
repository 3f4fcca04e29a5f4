/** The process of an edge function, from source on each engine. */
import { once } from 'node:events';
import { createConnection } from 'node:net';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BundleStore } from '../../src/edge/bundle-store.ts';
import { engineName } from '../../src/engine/engine-name.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { startSource } from '../harness/source-process.ts';
import { until } from '../harness/until.ts';

const ORIGIN = 'http://127.0.0.1:8000';
const store = new BundleStore();
const test = suite('edge host');

test.after(() => store.close());

interface Hosted extends AsyncDisposable {
	/** What it wrote to stderr so far. */
	said(): string;
	readonly exited: Promise<{ readonly code: number | null }>;
	signal(name: NodeJS.Signals): void;
}

async function host(text: string): Promise<Hosted> {
	const folder = await functionFolder({ 'index.ts': text });
	const { program } = await store.bundle({ codeRoot: folder.path, entry: 'index.ts', external: [] });
	const { child, exited } = startSource('src/cli/main.ts', ['edge-host', program.bundle], {
		cwd: folder.path,
		env: { RUNTIME_TIMEOUT: '30', GREETING: 'hi' },
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	let said = '';
	child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
		said += piece;
	});
	return {
		said: () => said,
		exited,
		signal: (name) => void child.kill(name),
		async [Symbol.asyncDispose]() {
			child.kill('SIGKILL');
			await exited;
			await folder[Symbol.asyncDispose]();
		},
	};
}

async function listening(hosted: Hosted): Promise<void> {
	const ended = hosted.exited.then(() => {
		throw new Error(`it ended:\n${hosted.said()}`);
	});
	const listens = until('it listens', async () => {
		const socket = createConnection(8000, '127.0.0.1');
		const [outcome] = await Promise.race([once(socket, 'connect').then(() => [true]), once(socket, 'error')]);
		socket.destroy();
		return outcome === true ? true : null;
	});
	await Promise.race([listens, ended]);
}

async function textOf(url: string): Promise<string> {
	return (await fetch(url)).text();
}

/** Deno tells the signal that asked it to end. */
async function endedWell({ exited }: Hosted): Promise<boolean> {
	return ((await exited).code ?? 0) === 0;
}

test('X-3: request.url is what the client asked for, env is live, and a streamed body comes back whole', async () => {
	await using hosted = await host(`
		export default {
			fetch(request: Request, env: Record<string, string>) {
				env.SEEN = request.url;
				return new Response(request.body, { headers: { url: request.url, seen: process.env.SEEN + env.GREETING + env.PORT } });
			},
		};
	`);
	await listening(hosted);
	const body = 'x'.repeat(300_000);
	const headers = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'example.test' };
	const answer = await fetch(`${ORIGIN}/a%20b//c?x=1`, { method: 'POST', headers, body });
	assert.is(answer.headers.get('url'), 'https://example.test/a%20b//c?x=1');
	assert.is(answer.headers.get('seen'), 'https://example.test/a%20b//c?x=1hi8000');
	assert.ok((await answer.text()) === body, 'the body came back changed');
	assert.is((await fetch(`${ORIGIN}/plain`)).headers.get('url'), `${ORIGIN}/plain`);
});

test('X-5: Bun.serve and Deno.serve answer for what their handlers throw, on this engine', async () => {
	await using bun = await host(`
		Bun.serve({ port: 1, fetch: () => { throw new Error('thrown'); }, error: (e: Error) => new Response('caught ' + e.message) });
	`);
	await listening(bun);
	assert.is(await textOf(ORIGIN), 'caught thrown');
	bun.signal('SIGTERM');
	assert.ok(await endedWell(bun), bun.said());
	await using deno = await host(`
		Deno.serve({ port: 2, onError: (e) => new Response('caught ' + (e as Error).message), handler: () => { throw new Error('thrown'); } });
	`);
	await listening(deno);
	assert.is(await textOf(ORIGIN), 'caught thrown');
});

test('X-9: a server on the function’s port that the module starts by itself is left alone', async () => {
	await using hosted = await host(`
		import { createServer } from 'node:http';
		setTimeout(() => createServer((_, response) => response.end('own')).listen(Number(process.env.PORT), '127.0.0.1'), 50);
	`);
	await listening(hosted);
	assert.is(await textOf(ORIGIN), 'own');
});

test('X-11: a server with WebSockets is Bun’s own, and refused by name elsewhere', async () => {
	await using hosted = await host(`
		Bun.serve({
			fetch: (request, server) => (server.upgrade(request) ? undefined : new Response('no upgrade')),
			websocket: { message: (socket, text) => void socket.send('echo ' + text) },
		});
	`);
	if (engineName().name !== 'bun') {
		assert.is((await hosted.exited).code, 1);
		assert.match(hosted.said(), /ERR_EDGE_API_MISSING: Bun\.serve\(\{ websocket \}\)/);
		return;
	}
	await listening(hosted);
	const socket = new WebSocket('ws://127.0.0.1:8000/');
	socket.onopen = () => socket.send('hello');
	const text = await new Promise<unknown>((resolve) => {
		socket.onmessage = ({ data }) => resolve(data);
	});
	socket.close();
	assert.is(text, 'echo hello');
});

test('X-13: SIGTERM ends it when what waitUntil was given is done', async () => {
	await using hosted = await host(`
		export default {
			fetch(_request: Request, _env: unknown, ctx: { waitUntil(work: Promise<void>): void }) {
				ctx.waitUntil(new Promise((resolve) => process.once('SIGTERM', () => setTimeout(resolve, 100))).then(() => console.error('done')));
				return new Response('answer');
			},
		};
	`);
	await listening(hosted);
	assert.is(await textOf(ORIGIN), 'answer');
	hosted.signal('SIGTERM');
	assert.ok(await endedWell(hosted), hosted.said());
	assert.match(hosted.said(), /done/);
});

test('X-3: what is no bundle, or is not there, is ERR_EDGE_LOAD', async () => {
	for (const name of ['main.ts', 'none.mjs']) {
		const file = path.join('src/cli', name);
		const { child, exited } = startSource('src/cli/main.ts', ['edge-host', file], { stdio: 'ignore' });
		assert.is((await exited).code, 1, String(child.pid));
	}
});

test.run();
