/** One instance in a place of its own. */
import { setTimeout as delay } from 'node:timers/promises';
import { LIMITS } from '../contract/limits.ts';
import type { Connection, ConnectionHandler } from '../engine/connection.ts';
import type { ByteSource } from '../engine/pipe.ts';
import { readPipe } from '../engine/pipe.ts';
import { adopt } from '../engine/sockets.ts';
import type { Readiness } from '../process/readiness.ts';
import type { ReadinessLimits, Sandbox, SandboxExit } from '../process/sandbox.ts';
import { hostPort, listeningSockets } from '../process/socket-table.ts';
import { SIGNAL_CODE_BASE } from './init-script.ts';
import { OWN_PORTS } from './own-ports.ts';
import type { StockedPlace } from './place-stock.ts';
import { childrenOf, descendantsOf } from './process-tree.ts';
import { signalName } from './signal-name.ts';
import type { PlaceExit, ThreadClient } from './thread-client.ts';

/** What SIGKILL has not ended by then is stuck in the kernel. */
const KILL_MS_MAX = 5_000;
const COVERING = ['127.0.0.1', '0.0.0.0', '::', '::ffff:7f00:1'];
const IGNORE: ConnectionHandler = { onData() {}, onDrain() {}, onEnd() {}, onClose() {} };

export class NamespaceSandbox implements Sandbox {
	readonly pid: number;
	readonly stdout: ByteSource;
	readonly stderr: ByteSource;
	readonly exited: Promise<SandboxExit>;
	readonly #thread: ThreadClient;
	readonly #id: number;
	#isGone = false;

	constructor(thread: ThreadClient, place: StockedPlace) {
		this.#thread = thread;
		this.#id = place.id;
		this.pid = place.initPid;
		this.stdout = readPipe(place.stdoutFd);
		this.stderr = readPipe(place.stderrFd);
		this.exited = place.exited.then((exit) => {
			this.#isGone = true;
			return { ...shellExit(exit), memory: null };
		});
	}

	async awaitReadiness({ timeoutMs, signal }: ReadinessLimits): Promise<Readiness> {
		const stop = (): void => void this.#thread.call('stopWaiting', { id: this.#id }).catch(() => {});
		signal.addEventListener('abort', stop, { once: true });
		try {
			if (signal.aborted) return { kind: 'aborted' };
			const socket = await this.#thread.call('awaitListening', { id: this.#id, timeoutMs });
			if (socket !== null) return { kind: 'ready', connection: adopt(socket, IGNORE, () => {}) };
			return { kind: signal.aborted || this.#isGone ? 'aborted' : 'timeout' };
		} catch {
			// The place ended meanwhile.
			return { kind: 'aborted' };
		} finally {
			signal.removeEventListener('abort', stop);
		}
	}

	connect(handler: ConnectionHandler, onOpen: () => void): Connection {
		return adopt(this.#thread.call('connect', { id: this.#id }), handler, onOpen);
	}

	async isListening(): Promise<boolean> {
		const sockets = await listeningSockets(this.pid);
		if (sockets === null) return !this.#isGone;
		return sockets.some(({ port, address }) => port === LIMITS.functionPort && COVERING.includes(address));
	}

	async listeningPlaces(): Promise<string> {
		const sockets = (await listeningSockets(this.pid)) ?? [];
		const places = sockets
			.filter(({ port }) => !OWN_PORTS.has(port))
			.map(({ address, port }) => {
				const place = hostPort(address, port);
				return port === LIMITS.functionPort ? place : `port ${port} (${place})`;
			});
		if (places.length === 0) return 'it listens nowhere';
		return `it is listening on ${[...new Set(places)].join(', ')}`;
	}

	async end(graceMs: number): Promise<number> {
		if (graceMs > 0) {
			this.#signalBootstrap('SIGTERM');
			await this.#goneWithin(graceMs);
		}
		if (this.#isGone) return 0;
		await this.#thread.call('kill', { id: this.#id }).catch(() => {});
		return (await this.#goneWithin(KILL_MS_MAX)) ? 0 : Math.max(1, descendantsOf(this.pid).length);
	}

	freeze(): void {}

	thaw(): void {}

	setBusy(_busy: boolean): void {}

	/** To its process group: a shell that waits for its program would not pass the signal on. */
	#signalBootstrap(signal: NodeJS.Signals): void {
		for (const pid of childrenOf(this.pid)) {
			try {
				process.kill(-pid, signal);
			} catch {
				// It has just ended.
			}
		}
	}

	async #goneWithin(timeoutMs: number): Promise<boolean> {
		const patience = new AbortController();
		await Promise.race([this.exited, delay(timeoutMs, null, { signal: patience.signal }).catch(() => null)]);
		patience.abort();
		return this.#isGone;
	}
}

/** The place's first process is a shell, which tells a signal by a code over 128. */
function shellExit({ code, signal }: PlaceExit): PlaceExit {
	const name = code === null || code <= SIGNAL_CODE_BASE ? null : signalName(code - SIGNAL_CODE_BASE);
	return name === null ? { code, signal } : { code: null, signal: name };
}
