/** Another process takes over from the built executable while clients ask without a pause. */
import { chmod, cp, link, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PATIENCE_SECONDS, runBinary, startBinary, startFunction } from '../harness/binary.ts';
import { ControlClient } from '../harness/control-client.ts';
import { DeployedHost } from '../harness/deployed-host.ts';
import { exchange } from '../harness/exchange.ts';
import { type FunctionFolder, functionFolder } from '../harness/function-folder.ts';
import { strictLoad } from '../harness/strict-load.ts';
import { until } from '../harness/until.ts';
import { askUpgrade, binaryPath, isThere, servedBy, successorOf, upgrade } from '../harness/upgraded.ts';

/** Answers with a name of the instance; POST when the body is whole; an upgraded connection gets its bytes back. */
const FUNCTION = {
	bootstrap: 'exec node $RUNTIME_CODE_ROOT/index.mjs\n',
	'index.mjs': `import http from 'node:http';
import { randomUUID } from 'node:crypto';
const name = randomUUID();
const server = http.createServer((request, response) => {
	request.on('data', () => {}).on('end', () => response.end(name));
	if (request.method === 'POST') console.log('held');
});
server.on('upgrade', (request, socket) => {
	socket.write('HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n\\r\\n');
	socket.pipe(socket);
});
server.listen(8000, '127.0.0.1');
`,
};
const LOG = ['--log-format', 'json'];

const test = suite<{ folder: FunctionFolder }>('upgrade');

test.before(async (context) => {
	context.folder = await functionFolder(FUNCTION);
});
test.after(async ({ folder }) => {
	await folder[Symbol.asyncDispose]();
});

function within(isolation: 'namespace' | 'direct'): readonly string[] {
	return ['--isolation', isolation, '--concurrent-num', '100'];
}

for (const isolation of ['namespace', 'direct'] as const) {
	test(`V-20: with ${isolation} isolation no request fails while another process takes over, on kept connections or new ones`, async ({
		folder,
	}) => {
		await using running = await startFunction(folder.path, within(isolation));
		await using served = servedBy(running);
		const load = strictLoad(running.url);
		await load.answered(50);
		const first = running.pid;
		served.pid = (await upgrade(served.pid)).pid;
		await until('the process before has ended', () => (isThere(first) ? null : true));
		await load.answered(50);
		served.pid = (await upgrade(served.pid)).pid;
		await load.answered(50);
		const { answers, failures } = await load.stop();
		assert.equal(failures, []);
		// Each process has instances of its own.
		assert.ok(answers.size >= 2, `${answers.size} instances answered`);
	});
}

test('V-21: a WebSocket and a request that are under way stay with the process that has them, until they end', async ({
	folder,
}) => {
	await using running = await startFunction(folder.path, within('namespace'));
	await using served = servedBy(running);
	const socket = await echoConnection(running.port);
	const held = net.connect(running.port, '127.0.0.1');
	held.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n');
	await running.output('held');
	const first = running.pid;
	const before = (await exchange(running.url)).text;
	served.pid = (await upgrade(served.pid, ['--grace', '60'])).pid;
	const after = (await exchange(running.url)).text;
	assert.is.not(after, before);
	assert.ok(isThere(first));
	socket.write('still there');
	assert.is(await textOf(socket, 'there'), 'still there');
	held.write('x');
	assert.match(await textOf(held, before), /^HTTP\/1\.1 200 /);
	socket.end();
	held.end();
	await until('the process before has ended', () => (isThere(first) ? null : true));
	assert.is((await exchange(running.url)).text, after);
});

test('V-22: reserved instances of the new process are ready before it accepts', async ({ folder }) => {
	await using running = await startFunction(folder.path, [...within('namespace'), '--reserved', '2']);
	await using served = servedBy(running);
	const { pid } = await upgrade(served.pid);
	served.pid = pid;
	const ready = running.records.flatMap((record, index) =>
		record.message === 'the function is ready' ? [index] : [],
	);
	const listening = running.records.findIndex(
		(record) => record.message === 'listening' && record.pid === pid,
	);
	assert.ok(ready.filter((index) => index < listening).length >= 2, running.logText);
});

test('V-23: where the new one can not get ready the one before goes on, and the command has the words of the new one', async ({
	folder,
}) => {
	const config = join(folder.path, 'httpfn.json');
	const settings = {
		code: folder.path,
		initTimeout: PATIENCE_SECONDS,
		routes: [{ path: '/', match: 'prefix' }],
	};
	const write = (more: object) =>
		writeFile(config, JSON.stringify({ listen: '127.0.0.1:0', functions: { only: settings }, ...more }));
	await write({});
	await using running = await startBinary(['serve', '--config', config, ...LOG]);
	const before = (await exchange(running.url)).text;
	await write({ nonsense: true });
	const refused = await askUpgrade(running.pid);
	await rm(config);
	assert.is(refused.code, 1);
	const { message } = JSON.parse(refused.stderr) as { message: string };
	assert.is(codeOf(refused.stderr), 'ERR_UPGRADE_FAILED');
	assert.match(message, 'ERR_CONFIG_INVALID');
	assert.match(message, 'nonsense');
	assert.is((await exchange(running.url)).text, before);
});

test('V-24: what is no executable of httpfn is never made to serve, and one that is not ready in time is ended', async ({
	folder,
}) => {
	const argv = [...within('namespace'), '--reserved', '1'];
	const first = join(folder.path, 'first');
	const stuck = await functionFolder({
		...FUNCTION,
		bootstrap: `if [ -e $RUNTIME_CODE_ROOT/stuck ]; then exec sleep 60; fi\n${FUNCTION.bootstrap}`,
	});
	await using running = await startFunction(stuck.path, argv);
	for (const file of ['/bin/sh', join(folder.path, 'index.mjs'), first]) {
		const refused = await runBinary(['upgrade', file, '--pid', `${running.pid}`, '--json']);
		assert.is(refused.code, 1, refused.stderr);
		assert.is(codeOf(refused.stderr), 'ERR_UPGRADE_FAILED');
	}
	const before = (await exchange(running.url)).text;
	await writeFile(join(stuck.path, 'stuck'), '');
	const late = await askUpgrade(running.pid, ['--timeout', '1']);
	assert.is(late.code, 1, late.stderr);
	assert.is(codeOf(late.stderr), 'ERR_UPGRADE_FAILED');
	assert.is((await exchange(running.url)).text, before);
	await stuck[Symbol.asyncDispose]();
});

test('V-25: the file on the disk is replaced when the new one serves, and the one before is kept beside it', async ({
	folder,
}) => {
	const place = await mkdtemp(join(tmpdir(), 'httpfn-upgrade-'));
	const [installed, fresh] = [join(place, 'httpfn'), join(place, 'fresh')];
	try {
		await cp(binaryPath(), installed);
		await link(installed, fresh);
		const { ino } = await stat(installed);
		// What an upgrade has left that nobody runs goes, whatever it is; what one is about to start stays.
		const [left, underWay] = ['0', `${process.pid}`].map((of) => join(place, `.upgrade-${of}-abcdef`)) as [
			string,
			string,
		];
		await writeFile(left, '');
		await mkdir(underWay);
		await using running = await startFunction(folder.path, within('direct'), {
			prefix: ['sh', '-c', `shift; exec ${installed} "$@"`, 'sh'],
		});
		await using served = servedBy(running);
		const done = await runBinary(['upgrade', fresh, '--pid', `${running.pid}`, '--json']);
		assert.is(done.code, 0, done.stderr);
		const { pid, previous } = JSON.parse(done.stdout) as { pid: number; previous: string };
		served.pid = pid;
		assert.is(previous, `${installed}.previous`);
		assert.is((await stat(previous)).ino, ino);
		assert.is.not((await stat(installed)).ino, ino);
		assert.is((await stat(`/proc/${pid}/exe`)).ino, (await stat(installed)).ino);
		assert.is(await stat(left).catch(() => null), null);
		assert.ok((await stat(underWay)).isDirectory());
		// And back. The name that the one before was started by goes with it.
		const back = await runBinary(['upgrade', previous, '--pid', `${pid}`, '--grace', '0', '--json']);
		assert.is(back.code, 0, back.stderr);
		served.pid = (JSON.parse(back.stdout) as { pid: number }).pid;
		assert.ok((await stat(`/proc/${served.pid}/exe`)).isFile());
		assert.is.not((await stat(`${installed}.previous`)).ino, ino);
		assert.is((await exchange(running.url)).status, 200);
	} finally {
		await rm(place, { recursive: true });
	}
});

test('V-26: kill -9 of either process while one takes over leaves one that serves', async ({ folder }) => {
	await using running = await startFunction(folder.path, [...within('namespace'), '--reserved', '1']);
	await using served = servedBy(running);
	const begun = () =>
		running.records.filter(({ message }) => message === 'another httpfn is started to take over').length;
	for (const victim of ['new', 'old'] as const) {
		const before = begun();
		const asked = askUpgrade(served.pid);
		const successor = await until('the new process is there', () =>
			begun() > before ? successorOf(served.pid) : null,
		);
		process.kill(victim === 'new' ? successor : served.pid, 'SIGKILL');
		const told = await asked;
		assert.is(told.code, 1, told.stdout);
		if (victim === 'old') served.pid = successor;
		const answer = await until('it answers', () => exchange(running.url).catch(() => null));
		assert.is(answer.status, 200);
	}
	assert.ok(isThere(served.pid));
});

test('V-27: only the user of the process, or root, reaches it; one process is told from another', async ({
	folder,
}) => {
	await using running = await startFunction(folder.path, within('direct'));
	const stranger = ['setpriv', '--reuid=54321', '--regid=54321', '--clear-groups', '--'];
	const argv = ['upgrade', binaryPath(), '--no-replace', '--json', '--pid'];
	const refused = await runBinary([...argv, `${running.pid}`], {
		prefix: stranger,
		environment: { XDG_RUNTIME_DIR: '' },
	});
	assert.is(refused.code, 1);
	assert.is(codeOf(refused.stderr), 'ERR_NOT_RUNNING');
	const nobody = await runBinary([...argv, `${process.pid}`]);
	assert.is(codeOf(nobody.stderr), 'ERR_NOT_RUNNING');
});

test('V-29: a control plane hands its state folder over: triggers answer all the while, and what is deployed next is served', async () => {
	const host = await DeployedHost.start();
	await using served = servedBy(host.running);
	const client = new ControlClient(host.control);
	assert.is((await client.create('first', 'one')).status, 200);
	const { origin, host: name, path } = host.trigger(await client.trigger('first', '/first'));
	const load = strictLoad(`${origin}${path}`, { host: name });
	await load.answered(20);
	const rival = [
		'serve',
		'--listen',
		'127.0.0.1:0',
		'--control',
		'127.0.0.1:0',
		'--state',
		host.stateFolder,
		'--json',
	];
	served.pid = (await upgrade(served.pid)).pid;
	await load.answered(20);
	assert.is(codeOf((await runBinary(rival)).stderr), 'ERR_STATE_IN_USE');
	assert.is((await client.create('second', 'two')).status, 200);
	const second = host.trigger(await client.trigger('second', '/second'));
	const answer = await exchange(second.origin, { target: second.path, headers: { host: second.host } });
	assert.is(answer.status, 200, answer.text);
	const { failures } = await load.stop();
	assert.equal(failures, []);
	// One that fails gives the folder back.
	await chmod(join(host.stateFolder, 'key'), 0o644);
	const refused = await askUpgrade(served.pid);
	await chmod(join(host.stateFolder, 'key'), 0o600);
	assert.match(refused.stderr, 'ERR_STATE_UNAVAILABLE');
	assert.is((await client.create('third', 'three')).status, 200);
});

async function echoConnection(port: number): Promise<net.Socket> {
	const socket = net.connect(port, '127.0.0.1');
	const key = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
	socket.write(`GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n\r\n`);
	await textOf(socket, '\r\n\r\n');
	return socket;
}

/** What comes until it ends with `end`. */
function textOf(socket: net.Socket, end: string): Promise<string> {
	return new Promise((resolve, reject) => {
		let text = '';
		const onData = (bytes: Buffer): void => {
			text += bytes.toString('latin1');
			if (!text.endsWith(end)) return;
			socket.off('data', onData);
			resolve(text);
		};
		socket.on('data', onData);
		socket.once('error', reject);
		socket.once('close', () => reject(new Error(`closed after ${JSON.stringify(text)}`)));
	});
}

function codeOf(stderr: string): string {
	return (JSON.parse(stderr) as { code: string }).code;
}

test.run();
