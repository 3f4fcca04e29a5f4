/** `httpfn run --inspect`, with the built executable: what a debugger finds. */
import { once } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { runBinary, startFunction } from '../harness/binary.ts';
import { exchange } from '../harness/exchange.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { RawConnection } from '../harness/raw-connection.ts';

const PORT = 9339;

const test = suite('run --inspect');

const APP = `
const http = require('node:http');
http.createServer((request, response) => response.end(process.env.RUNTIME_USERDATA)).listen(8000, '127.0.0.1');
`;
const NODE = { bootstrap: 'exec node $RUNTIME_CODE_ROOT/app.cjs', 'app.cjs': APP };

test('W-5: a function on Node.js listens for a debugger, and none of that is user data', async () => {
	await using folder = await functionFolder(NODE);
	await using running = await startFunction(folder.path, ['--inspect-port', String(PORT)]);
	assert.equal((await exchange(running.url, {})).json, {});
	const found = await exchange(`http://127.0.0.1:${PORT}`, { target: '/json/version' });
	assert.match((found.json as { Browser: string }).Browser, 'node.js/');
});

test('W-5: so does a function without a bootstrap', async () => {
	await using folder = await functionFolder({ 'index.js': "export default () => new Response('here')" });
	await using running = await startFunction(folder.path, ['--inspect-port', String(PORT)]);
	assert.is((await exchange(running.url, {})).text, 'here');
	const debuggee = new WebSocket(await debuggerUrl());
	await once(debuggee, 'open');
	debuggee.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: '6 * 7' } }));
	for await (const [message] of messages(debuggee)) {
		const { id, result } = JSON.parse(message);
		if (id !== 1) continue;
		assert.is(result.result.value, 42);
		break;
	}
	debuggee.close();
	await once(debuggee, 'close');
});

test('W-5: so does one in Python, for debugpy', async () => {
	const server = `
from http.server import BaseHTTPRequestHandler, HTTPServer
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(204)
        self.end_headers()
HTTPServer(("127.0.0.1", 8000), Handler).serve_forever()
`;
	const bootstrap = 'exec /usr/bin/python3 -u $RUNTIME_CODE_ROOT/index.py';
	await using folder = await functionFolder({ bootstrap, 'index.py': server });
	await using running = await startFunction(folder.path, ['--inspect-port', String(PORT)]);
	assert.is((await exchange(running.url, {})).status, 204, running.logText);
	await using adapter = await RawConnection.open(PORT);
	// The adapter speaks first, as the Debug Adapter Protocol frames it.
	assert.match(await adapter.until(/\r\n\r\n/), /^Content-Length: \d+\r\n\r\n/);
});

test('W-5: namespaces are refused with it, and so is what is no port', async () => {
	await using folder = await functionFolder(NODE);
	for (const argv of [
		['--isolation', 'namespace'],
		['--inspect-port', '99999'],
	]) {
		const { code, stderr } = await runBinary([
			'run',
			folder.path,
			'--inspect',
			...argv,
			'--log-format',
			'json',
		]);
		assert.is(code, 2);
		assert.match(stderr, 'ERR_CONFIG_INVALID');
	}
});

/** Node.js has a path of its own for each debuggee, and Bun the one it was given. */
async function debuggerUrl(): Promise<string> {
	const listed = await fetch(`http://127.0.0.1:${PORT}/json/list`).then((answer) => answer.text());
	const url = /"webSocketDebuggerUrl":\s*"([^"]+)"/.exec(listed)?.[1];
	return url ?? `ws://127.0.0.1:${PORT}/`;
}

async function* messages(socket: WebSocket): AsyncGenerator<[string]> {
	for (;;) yield [String((await once(socket, 'message'))[0])];
}

test.run();
