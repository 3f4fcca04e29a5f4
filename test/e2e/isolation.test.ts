/** What keeps instances apart where root runs httpfn, and what is left when they end; with the built executable. */
import { connect } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startBinary } from '../harness/binary.ts';
import { exchange } from '../harness/exchange.ts';
import { ownHost } from '../harness/hosts.ts';
import { ask, probeFunction } from '../harness/probe-function.ts';
import {
	daemonDies,
	fiftyInstances,
	filesInside,
	forkBomb,
	hiddenFiles,
	identityInside,
	killedWithoutWarning,
	memoryHog,
	twoFunctionsApart,
} from './isolation-checks.ts';

const test = suite('isolation');

test('E-80: fifty instances of one function, all on 127.0.0.1:8000, answer fifty requests held at once', async () => {
	await fiftyInstances(ownHost);
});

test('E-81: two functions reach neither port, files, /tmp nor processes of each other', async () => {
	await twoFunctionsApart(ownHost);
});

test('E-82: a function runs as 1003:1003 without groups, in /opt/function/code', async () => {
	await identityInside(ownHost);
});

test('E-83: the code is read-only, and /tmp is the only place to write, private and of the promised size', async () => {
	await filesInside(ownHost);
});

test('E-84: configuration, the host’s paths of code, homes and state are not visible, nor are the host’s processes', async () => {
	await hiddenFiles(ownHost);
});

test('E-85: a function over its memory is killed with ERR_FUNCTION_MEMORY, and its neighbour’s request is unharmed', async () => {
	await memoryHog(ownHost);
});

test('E-86: a function that multiplies is stopped short of 1,024 processes, and takes all of them with it', async () => {
	await forkBomb(ownHost);
});

test('E-87: a process that left group and session ends with its instance', async () => {
	await daemonDies(ownHost);
});

test('E-88: kill -9 of httpfn leaves no process and no mount, and the next start clears its cgroups', async () => {
	await killedWithoutWarning(ownHost);
});

test('E-89: the platform’s interpreter paths lead to the interpreters of the host', async () => {
	const paths = [
		['/opt/function/runtime/nodejs18.15/rtsp/nodejs/bin/node', 'index.mjs'],
		['/opt/function/runtime/nodejs20.15/rtsp/nodejs/bin/node', 'index.mjs'],
		['/opt/function/runtime/python3.9/rtsp/python/bin/python3', '-u index.py'],
		['/opt/function/runtime/php8.3/rtsp/php/bin/php', '-S 127.0.0.1:8000 index.php'],
	];
	for (const [program, given] of paths) {
		await using folder = await probeFunction({
			bootstrap: `cd $RUNTIME_CODE_ROOT && exec ${program} ${given}`,
			'index.mjs':
				"import { createServer } from 'node:http'; createServer((q, s) => s.end('hello')).listen(8000, '127.0.0.1');",
			'index.py': [
				'from http.server import BaseHTTPRequestHandler, HTTPServer',
				'class Hello(BaseHTTPRequestHandler):',
				'    def do_GET(self):',
				"        self.send_response(200); self.send_header('Content-Length', '5'); self.end_headers(); self.wfile.write(b'hello')",
				"HTTPServer(('127.0.0.1', 8000), Hello).serve_forever()",
			].join('\n'),
			'index.php': 'hello',
		});
		await using running = await ownHost.run(folder.path, ['--memory', '512']);
		const answer = await exchange(running.url);
		assert.is(answer.text, 'hello', program);
	}
});

test('E-90: an interpreter that the host does not have is named', async () => {
	await using folder = await probeFunction({
		bootstrap: 'exec /opt/function/runtime/dotnet6.0/rtsp/dotnet/dotnet $RUNTIME_CODE_ROOT/app.dll',
	});
	await using running = await ownHost.run(folder.path);
	const answer = await exchange(running.url);
	assert.is(answer.header('X-Httpfn-Error'), 'ERR_INTERPRETER_MISSING', answer.text);
	assert.is(answer.status, 500);
	assert.match(answer.text, /dotnet/);
});

test('E-92: without --isolation instances get places of their own, and the host’s port 8000 stays free', async () => {
	await using folder = await probeFunction();
	await using running = await startBinary([
		...['run', folder.path, '--listen', '127.0.0.1:0', '--log-format', 'json'],
	]);
	assert.is((await ask(running.url, '/identity')).uid, 1003);
	assert.is(await refusal(8000), 'ECONNREFUSED');
});

function refusal(port: number): Promise<string | undefined> {
	return new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1');
		socket.once('connect', () => resolve('accepted'));
		socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
	});
}

test.run();
