/**
 * An isolation for tests: each instance is a small server process of its own on a free port, started when the test lets it. The server
 * answers its process id; /die ends it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import type { RuntimeError } from '../../src/contract/errors.ts';
import type { Connection, ConnectionHandler } from '../../src/engine/connection.ts';
import { requiredLibc } from '../../src/engine/libc.ts';
import type { ByteSource } from '../../src/engine/pipe.ts';
import { connect } from '../../src/engine/sockets.ts';
import { connected, openSocket } from '../../src/process/loopback-connect.ts';
import { awaitReadiness, type Readiness } from '../../src/process/readiness.ts';
import type { Isolation, ReadinessLimits, Sandbox, SandboxExit } from '../../src/process/sandbox.ts';

const SERVER = `
use Socket; $SIG{TERM} = sub { exit 0 };
socket(S, PF_INET, SOCK_STREAM, 6); setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1);
bind(S, sockaddr_in($ARGV[0], inet_aton("127.0.0.1"))) or die; listen(S, 64);
while (accept(C, S)) { sysread(C, $_, 65536); exit 3 if m{^GET /die};
syswrite(C, "HTTP/1.1 200 OK\\r\\nConnection: close\\r\\n\\r\\n$$"); close C; }`;

type Plan =
	| { readonly kind: 'serve' }
	| { readonly kind: 'crash' }
	| { readonly kind: 'refuse'; readonly error: RuntimeError };

export class PortIsolation implements Isolation {
	readonly kind = 'namespace';
	readonly instancesMax: number;
	readonly sandboxes: PortSandbox[] = [];
	/** Starts asked for so far. */
	starts = 0;
	/** Most that ran at once. */
	peak = 0;
	#running = 0;
	#plans: Plan[] = [];
	#gate: Promise<void> = Promise.resolve();
	#openGate: () => void = () => {};
	#asked = new Set<() => void>();

	constructor(instancesMax = Number.POSITIVE_INFINITY) {
		this.instancesMax = instancesMax;
	}

	/** Starts wait for `open` from now on. */
	shut(): void {
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#gate = promise;
		this.#openGate = resolve;
	}

	open(): void {
		this.#openGate();
	}

	/** What becomes of the next start, and of those after it. */
	next(...plans: Plan[]): void {
		this.#plans.push(...plans);
	}

	/** Resolves when so many starts were asked for. */
	async started(count: number): Promise<void> {
		while (this.starts < count) await new Promise<void>((resolve) => this.#asked.add(resolve));
	}

	async start(): Promise<Sandbox> {
		this.starts += 1;
		for (const resolve of this.#asked) resolve();
		this.#asked.clear();
		const plan = this.#plans.shift() ?? { kind: 'serve' };
		await this.#gate;
		if (plan.kind === 'refuse') throw plan.error;
		const port = await freePort();
		const program = plan.kind === 'crash' ? 'exit 3' : SERVER;
		const child = spawn('perl', ['-e', program, String(port)], { stdio: 'ignore' });
		const sandbox = new PortSandbox(child, port);
		this.sandboxes.push(sandbox);
		this.#running += 1;
		this.peak = Math.max(this.peak, this.#running);
		sandbox.exited.then(() => {
			this.#running -= 1;
		});
		return sandbox;
	}

	close(): Promise<void> {
		return Promise.resolve();
	}
}

export class PortSandbox implements Sandbox {
	readonly pid: number;
	readonly stdout: ByteSource = SILENT;
	readonly stderr: ByteSource = SILENT;
	readonly exited: Promise<SandboxExit>;
	/** The calls it got, in their order. */
	readonly calls: string[] = [];
	readonly #child: ChildProcess;
	readonly #port: number;
	#called = Promise.withResolvers<void>();

	constructor(child: ChildProcess, port: number) {
		this.pid = child.pid ?? 0;
		this.#child = child;
		this.#port = port;
		this.exited = new Promise((resolve) => {
			child.once('exit', (code, signal) => resolve({ code, signal, memory: null }));
		});
	}

	/** Resolves when the call has come. */
	async called(name: string): Promise<void> {
		while (!this.calls.includes(name)) await this.#called.promise;
	}

	kill(): void {
		this.#child.kill('SIGKILL');
	}

	awaitReadiness(limits: ReadinessLimits): Promise<Readiness> {
		return awaitReadiness({ ...limits, host: '127.0.0.1', port: this.#port });
	}

	connect(handler: ConnectionHandler, onOpen: () => void): Connection {
		return connect('127.0.0.1', this.#port, handler, onOpen);
	}

	async openSocket(): Promise<number> {
		const calls = requiredLibc();
		return connected(calls, openSocket(calls), this.#port);
	}

	isListening(): Promise<boolean> {
		return Promise.resolve(true);
	}

	listeningPlaces(): Promise<string> {
		return Promise.resolve('');
	}

	async end(): Promise<number> {
		this.#call('end');
		this.#child.kill('SIGKILL');
		await this.exited;
		return 0;
	}

	/** Its process runs on. */
	freeze(): Promise<boolean> {
		this.#call('freeze');
		return Promise.resolve(false);
	}

	thaw(): void {
		this.#call('thaw');
	}

	setBusy(): void {}

	#call(name: string): void {
		this.calls.push(name);
		this.#called.resolve();
		this.#called = Promise.withResolvers<void>();
	}
}

const SILENT: ByteSource = {
	async *[Symbol.asyncIterator]() {},
	destroy() {},
};

async function freePort(): Promise<number> {
	const server = net.createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	server.close();
	await once(server, 'close');
	if (address === null || typeof address === 'string') throw new Error('a TCP listener has a port');
	return address.port;
}
