/** Edge functions in a runtime of this process, run by its own engine, on this test's own 127.0.0.1:8000. */
import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { placeFiles } from '../../src/edge/place-files.ts';
import { writtenFiles } from '../../src/edge/written-files.ts';
import { createRuntime } from '../../src/library/create-runtime.ts';
import type { Runtime } from '../../src/library/runtime.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { startSource } from '../harness/source-process.ts';
import { until } from '../harness/until.ts';
import { codeOf, markedProcesses, said, upgradeServer } from './support.ts';

const test = suite('edge functions of a library');

const HANDLER = `
export default {
	async fetch(request: Request, env: Record<string, string>, ctx: { waitUntil(work: Promise<unknown>): void }) {
		console.log('got ' + request.url);
		const later = () => new Promise((resolve) => setTimeout(resolve, 200)).then(() => console.log('later'));
		if (request.url.endsWith('/later')) ctx.waitUntil(later());
		return Response.json({ url: request.url, engine: process.execPath, greeting: env.GREETING });
	},
};
`;
const UPGRADING = `
import { createServer } from 'node:http';
const server = createServer((_, response) => response.end());
server.on('upgrade', (_, socket) => {
	socket.write('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n\\r\\n');
	socket.pipe(socket).on('error', () => {});
});
server.listen(8000, '127.0.0.1');
`;

type Told = Readonly<Record<'url' | 'engine' | 'greeting', string>>;

async function runtimeOf(folder: string): Promise<Runtime> {
	const env = { GREETING: 'hi' };
	return createRuntime({ folder, isolation: 'direct', initTimeout: 60, timeout: 30, env });
}

test('L-22: a folder without a bootstrap is bundled, and run by the engine of the program; what it gave to waitUntil ends before close does', async () => {
	await using folder = await functionFolder({ 'index.ts': HANDLER });
	await using runtime = await runtimeOf(folder.path);
	const told: string[] = [];
	runtime.on('listening', ({ startMs }) => told.push(startMs > 0 ? 'listening' : 'too soon'));
	runtime.on('output', ({ line }) => told.push(line));
	runtime.on('exit', ({ cause }) => told.push(cause));
	const answer = await runtime.fetch(new Request('https://shop.example/a?b=c'));
	const { url, engine, greeting } = (await answer.json()) as Told;
	assert.equal([url, engine, greeting], ['https://shop.example/a?b=c', process.execPath, 'hi']);
	const { statusCode, body } = await runtime.invoke({ httpMethod: 'GET', path: '/later' });
	assert.is(statusCode, 200);
	assert.match((JSON.parse(Buffer.from(body, 'base64').toString('utf8')) as Told).url, /\/later$/);
	await runtime.close();
	assert.equal([told[0], ...told.slice(-2).sort()], ['listening', 'later', 'stopped']);
	assert.ok(told.includes('got https://shop.example/a?b=c'));
	assert.equal(markedProcesses(process.pid), []);
});

test('L-22: a bundle that httpfn bootstrap wrote is run in the same way', async () => {
	await using folder = await functionFolder({ 'index.ts': HANDLER });
	const { files } = await writtenFiles({ codeRoot: folder.path, entry: 'index.ts', external: [] });
	await placeFiles(files, folder.path);
	await using runtime = await runtimeOf(folder.path);
	const { engine } = (await (await runtime.fetch(new Request('http://a/'))).json()) as Told;
	assert.is(engine, process.execPath);
});

test('L-22: an upgrade reaches a server that the module starts', async () => {
	await using folder = await functionFolder({ 'index.ts': UPGRADING });
	await using runtime = await runtimeOf(folder.path);
	await using site = await upgradeServer(runtime);
	const client = await site.client('/chat');
	assert.match(await client.takeThrough('\r\n\r\n'), /^HTTP\/1\.1 101 /);
	void client.send('hello');
	assert.is((await client.takeBytes(5)).toString(), 'hello');
	client.end();
	await client.ended;
});

test('L-23: what can not be bundled or served is told by its code on every engine', async () => {
	await using broken = await functionFolder({ 'index.ts': 'export default {' });
	assert.is(await codeOf(createRuntime({ folder: broken.path })), 'ERR_EDGE_BUILD');
	await using empty = await functionFolder({ 'index.ts': 'export const a = 1;' });
	await using runtime = await runtimeOf(empty.path);
	const answer = await runtime.fetch(new Request('http://a/'));
	assert.is(answer.headers.get('X-Httpfn-Error'), 'ERR_EDGE_HANDLER');
});

test('L-24: when the program is killed, its edge function ends, and whoever of it left its group', async () => {
	const leaver = `
		import { spawn } from 'node:child_process';
		spawn('setsid', ['-f', 'sleep', '1000'], { stdio: 'ignore' });
	`;
	await using folder = await functionFolder({ 'index.ts': `${leaver}${HANDLER}` });
	const { child, exited } = startSource('test/library/host-process.ts', [folder.path]);
	const host = child.pid ?? 0;
	assert.is(await said(child), `200 direct ${host}`);
	assert.ok(markedProcesses(host).length >= 2);
	process.kill(host, 'SIGKILL');
	await exited;
	await until('its processes are gone', () => (markedProcesses(host).length === 0 ? true : null));
});

test.run();
