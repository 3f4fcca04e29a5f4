/** One instance in a place of its own. */
import { closeSync } from 'node:fs';
import { within } from '../base/within.ts';
import { LIMITS } from '../contract/limits.ts';
import type { Connection, ConnectionHandler } from '../engine/connection.ts';
import { requiredLibc } from '../engine/libc.ts';
import type { ByteSource } from '../engine/pipe.ts';
import { readPipe } from '../engine/pipe.ts';
import { adopt } from '../engine/sockets.ts';
import { connected } from '../process/loopback-connect.ts';
import type { Readiness } from '../process/readiness.ts';
import type { ReadinessLimits, Sandbox, SandboxExit } from '../process/sandbox.ts';
import { hostPort, listeningSockets } from '../process/socket-table.ts';
import type { ProcessExit } from '../process/spawn.ts';
import { awaitSocket } from './await-socket.ts';
import type { CgroupPowers, InstanceCgroup, InstanceLimits } from './cgroup.ts';
import type { EgressLink } from './egress.ts';
import { Freezer } from './freezer.ts';
import { SIGNAL_CODE_BASE } from './init-script.ts';
import { MemoryOfCgroup } from './memory-of-cgroup.ts';
import type { MemoryWatch, WatchedMemory } from './memory-watch.ts';
import { OWN_PORTS } from './own-ports.ts';
import type { StockedPlace } from './place-stock.ts';
import { descendantsOf } from './process-tree.ts';
import { ProcessUsage } from './process-usage.ts';
import { SignalFreezer } from './signal-freezer.ts';
import { signalName } from './signal-name.ts';
import { SocketStock } from './socket-stock.ts';
import type { ThreadClient } from './thread-client.ts';

export interface SandboxParts {
	readonly thread: ThreadClient;
	readonly place: StockedPlace;
	readonly watch: MemoryWatch;
	readonly limits: InstanceLimits;
	/** What the place's control group can do; null where it has none. */
	readonly powers: CgroupPowers | null;
	/** What leaves the place; ends with it. */
	readonly egress: EgressLink | null;
	/** The place's process is the host of an edge function, which tells how it goes. */
	readonly tells: boolean;
}

/** What SIGKILL has not ended by then is stuck in the kernel. */
const KILL_MS_MAX = 5_000;
const COVERING = ['127.0.0.1', '0.0.0.0', '::', '::ffff:7f00:1'];

export class NamespaceSandbox implements Sandbox {
	readonly pid: number;
	readonly stdout: ByteSource;
	readonly stderr: ByteSource;
	readonly report: ByteSource | null;
	readonly exited: Promise<SandboxExit>;
	readonly #thread: ThreadClient;
	readonly #id: number;
	/** Whoever loses its parent becomes its child; when it ends, all end. */
	readonly #initPid: number;
	readonly #cgroup: InstanceCgroup | null;
	readonly #egress: EgressLink | null;
	readonly #sockets: SocketStock;
	readonly #freezer: Freezer;
	readonly #memory: WatchedMemory;
	#isGone = false;

	constructor({ thread, place, watch, limits, powers, egress, tells }: SandboxParts) {
		this.#thread = thread;
		this.#id = place.id;
		this.#cgroup = place.cgroup;
		this.#egress = egress;
		this.pid = place.bootstrapPid;
		this.#initPid = place.initPid;
		this.stdout = readPipe(place.stdoutFd);
		this.stderr = readPipe(place.stderrFd);
		this.report = tells ? readPipe(place.toldFd) : null;
		// A bootstrap tells nothing.
		if (!tells) closeSync(place.toldFd);
		this.#sockets = new SocketStock((count) => thread.call('openSockets', { id: place.id, count }));
		const cgroup = powers?.freeze == null ? null : place.cgroup;
		this.#freezer = new Freezer(cgroup ?? new SignalFreezer(() => descendantsOf(this.#initPid)));
		const source =
			place.cgroup !== null && powers?.memory != null
				? new MemoryOfCgroup(place.cgroup, `/proc/${this.#initPid}/root/tmp`)
				: new ProcessUsage(() => descendantsOf(this.#initPid), limits.memoryBytes);
		this.#memory = watch.add(source, limits.memoryBytes, () => this.#kill());
		// Until it listens it is busy with itself.
		this.#memory.setBusy(true);
		thread.hold();
		this.exited = place.exited.then((exit) => this.#onExit(exit));
	}

	async awaitReadiness(limits: ReadinessLimits): Promise<Readiness> {
		const id = this.#id;
		const readiness = await awaitSocket(limits, {
			wait: (timeoutMs) => this.#thread.call('awaitListening', { id, timeoutMs }),
			stop: () => void this.#thread.call('stopWaiting', { id }).catch(() => {}),
			isGone: () => this.#isGone,
		});
		this.#memory.setBusy(false);
		return readiness;
	}

	connect(handler: ConnectionHandler, onOpen: () => void): Connection {
		return adopt(this.openSocket(), handler, onOpen);
	}

	async openSocket(): Promise<number> {
		const socket = await this.#sockets.take();
		return connected(requiredLibc(), socket);
	}

	async isListening(): Promise<boolean> {
		const sockets = await listeningSockets(this.#initPid);
		if (sockets === null) return !this.#isGone;
		return sockets.some(({ port, address }) => port === LIMITS.functionPort && COVERING.includes(address));
	}

	async listeningPlaces(): Promise<string> {
		const sockets = (await listeningSockets(this.#initPid)) ?? [];
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
		// What is frozen would not see a signal.
		this.thaw();
		if (graceMs > 0) {
			this.#signalBootstrap('SIGTERM');
			await this.#goneWithin(graceMs);
		}
		if (this.#isGone) return 0;
		this.#kill();
		return (await this.#goneWithin(KILL_MS_MAX)) ? 0 : Math.max(1, descendantsOf(this.#initPid).length);
	}

	freeze(): Promise<boolean> {
		return this.#freezer.freeze();
	}

	thaw(): void {
		this.#freezer.thaw();
	}

	setBusy(busy: boolean): void {
		this.#memory.setBusy(busy);
	}

	#onExit(exit: ProcessExit): SandboxExit {
		this.#isGone = true;
		this.#sockets.close();
		this.#thread.release();
		const memory = this.#memory.breachAtExit();
		this.#memory.remove();
		void this.#cgroup?.remove();
		void this.#egress?.close();
		return { ...shellExit(exit), memory };
	}

	#kill(): void {
		// A place that has just ended needs no signal, and a thread that has ended took its places with it.
		this.#thread.call('kill', { id: this.#id }).catch(() => {});
	}

	/** To its process group: a shell that waits for its program would not pass the signal on. */
	#signalBootstrap(signal: NodeJS.Signals): void {
		try {
			process.kill(-this.pid, signal);
		} catch {
			// It has just ended.
		}
	}

	async #goneWithin(timeoutMs: number): Promise<boolean> {
		await within(timeoutMs, this.exited);
		return this.#isGone;
	}
}

/** The place's first process is a shell, which tells a signal by a code over 128. */
function shellExit({ code, signal }: ProcessExit): ProcessExit {
	const name = code === null || code <= SIGNAL_CODE_BASE ? null : signalName(code - SIGNAL_CODE_BASE);
	return name === null ? { code, signal } : { code: null, signal: name };
}
