/** Clients that take what they can, in front of the built executable: memory stays bounded, and others are served. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type RunningFunction, startFunction } from '../harness/binary.ts';
import { exchange } from '../harness/exchange.ts';
import { type FunctionFolder, functionFolder } from '../harness/function-folder.ts';

const IDLE = 10_000;
/** Of memory, for each connection that does nothing. */
const IDLE_BYTES_MAX = 24 * 1024;
const MIB = 1024 * 1024;

const FUNCTION = {
	bootstrap: 'exec node $RUNTIME_CODE_ROOT/app.mjs\n',
	'app.mjs': `import http from 'node:http';
const large = Buffer.alloc(5_000_000, 'x');
http.createServer((request, response) => {
	request.resume();
	request.on('end', () => response.end(request.url === '/large' ? large : 'served'));
}).listen(8000, '127.0.0.1');
`,
};

/** Opens `count` connections, does with each what `kind` says, and prints a line when all are as they should be. */
const CLIENTS = `
import net from 'node:net';
const [port, count, kind] = [Number(process.argv[1]), Number(process.argv[2]), process.argv[3]];
let ready = 0;
const done = () => { if (++ready === count) console.log('ready'); };
const open = () => {
	const socket = net.connect(port, '127.0.0.1');
	socket.on('error', () => {});
	socket.on('connect', () => {
		if (kind === 'idle') done();
		if (kind === 'trickle') {
			socket.write('GET / HTTP/1.1\\r\\nHost: a\\r\\n');
			setInterval(() => socket.write('X: y\\r\\n'), 200);
			done();
		}
		if (kind === 'slow') {
			socket.write('GET /large HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n');
			socket.once('data', () => { socket.pause(); done(); });
		}
		if (kind === 'storm') socket.destroy();
	});
	socket.on('close', () => {
		if (kind !== 'storm') return;
		done();
		if (ready + pending < count) { pending++; open(); pending--; }
	});
};
let pending = 0;
// A socket that is not read keeps no process alive.
if (kind !== 'storm') setInterval(() => {}, 1000);
for (let index = 0; index < (kind === 'storm' ? 200 : count); index++) open();
`;

const test = suite<{ folder: FunctionFolder }>('hostile clients');

test.before(async (context) => {
	context.folder = await functionFolder(FUNCTION);
});
test.after(async ({ folder }) => {
	await folder[Symbol.asyncDispose]();
});

interface Crowd extends AsyncDisposable {
	readonly ready: Promise<void>;
}

/** In processes of their own, of at most 5,000 each. */
function crowd(port: number, count: number, kind: 'idle' | 'trickle' | 'slow' | 'storm'): Crowd {
	const children: ChildProcess[] = [];
	const ready: Promise<unknown>[] = [];
	for (let left = count; left > 0; left -= 5000) {
		const argv = ['--input-type=module', '-e', CLIENTS, String(port), String(Math.min(left, 5000)), kind];
		const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
		children.push(child);
		ready.push(once(createInterface({ input: child.stdout }), 'line'));
	}
	return {
		ready: Promise.all(ready).then(() => undefined),
		async [Symbol.asyncDispose]() {
			for (const child of children) {
				if (child.exitCode !== null) continue;
				child.kill('SIGKILL');
				await once(child, 'exit');
			}
		},
	};
}

const residentBytes = ({ pid }: RunningFunction) =>
	Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) * 1024;
const descriptors = ({ pid }: RunningFunction) =>
	readdirSync(`/proc/${pid}/fd`).map((name) => `/proc/${pid}/fd/${name}`);
/** Without what is made ready for the next start meanwhile: pipes, and handles of processes. */
const sockets = (running: RunningFunction) => descriptors(running).filter(isSocket).length;

function isSocket(descriptor: string): boolean {
	try {
		return readlinkSync(descriptor).startsWith('socket:');
	} catch {
		// Closed meanwhile.
		return false;
	}
}

async function assertServed({ url }: RunningFunction): Promise<void> {
	for (let index = 0; index < 10; index++) assert.is((await exchange(url)).text, 'served');
}

/** Until what the crowd had is given back. */
async function untilFree(running: RunningFunction, atMost: number): Promise<void> {
	// Each round is a request: the ends of connections are read meanwhile.
	while (sockets(running) > atMost) await assertServed(running);
}

test(`G-63: ${IDLE} idle connections cost at most 24 KiB each, and others are served`, async ({ folder }) => {
	await using running = await startFunction(folder.path, ['--connections-max', '12000']);
	await assertServed(running);
	const socketsBefore = sockets(running);
	const before = residentBytes(running);
	{
		await using idle = crowd(running.port, IDLE, 'idle');
		await idle.ready;
		await assertServed(running);
		const each = (residentBytes(running) - before) / IDLE;
		assert.ok(each < IDLE_BYTES_MAX, `${each} bytes a connection`);
	}
	await untilFree(running, socketsBefore + 5);
});

test('G-64: heads that trickle keep nobody else waiting', async ({ folder }) => {
	await using running = await startFunction(folder.path);
	await assertServed(running);
	const before = residentBytes(running);
	await using slow = crowd(running.port, 1000, 'trickle');
	await slow.ready;
	await assertServed(running);
	assert.ok(residentBytes(running) - before < 64 * MIB);
});

test('G-64: clients that do not read their answers keep nobody else waiting, and their answers do not pile up', async ({
	folder,
}) => {
	await using running = await startFunction(folder.path);
	await assertServed(running);
	const before = residentBytes(running);
	await using slow = crowd(running.port, 100, 'slow');
	await slow.ready;
	await assertServed(running);
	// Together they asked for 500 MB; half of that is what an engine leaves uncollected, and no more.
	const grown = residentBytes(running) - before;
	assert.ok(grown < 256 * MIB, `${grown} bytes`);
});

test('G-65: a storm of connections leaves nothing behind, and others are served meanwhile', async ({
	folder,
}) => {
	await using running = await startFunction(folder.path);
	await assertServed(running);
	const before = sockets(running);
	await using storm = crowd(running.port, IDLE, 'storm');
	await assertServed(running);
	await storm.ready;
	await untilFree(running, before + 5);
});

test.run();
