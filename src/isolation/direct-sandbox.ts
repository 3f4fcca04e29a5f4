/** One instance among the host's processes. */
import { LIMITS } from '../contract/limits.ts';
import type { Connection, ConnectionHandler } from '../engine/connection.ts';
import { libc, requiredLibc } from '../engine/libc.ts';
import type { ByteSource } from '../engine/pipe.ts';
import { connect } from '../engine/sockets.ts';
import type { Launched } from '../process/launch.ts';
import { listeningPlaces } from '../process/listening-places.ts';
import { connected, openSocket } from '../process/loopback-connect.ts';
import { isPortHeld, mayMeetItself } from '../process/port-holder.ts';
import { awaitReadiness, type Readiness } from '../process/readiness.ts';
import type { ReadinessLimits, Sandbox, SandboxExit } from '../process/sandbox.ts';
import type { ProcessExit } from '../process/spawn.ts';
import { markedProcesses } from '../process/survivors.ts';
import { terminate } from '../process/terminate.ts';
import { awaitSocket } from './await-socket.ts';
import { Freezer } from './freezer.ts';
import { ListenWaits } from './listen-waits.ts';
import type { MemoryWatch, WatchedMemory } from './memory-watch.ts';
import { descendantsOf } from './process-tree.ts';
import { ProcessUsage } from './process-usage.ts';
import { SignalFreezer } from './signal-freezer.ts';

/** Microseconds that the main thread sleeps between two turns while an instance starts: until it listens, nobody is served. */
const WAIT_BLOCK_US = 500;

export class DirectSandbox implements Sandbox {
	readonly pid: number;
	readonly stdout: ByteSource;
	readonly stderr: ByteSource;
	readonly report: ByteSource | null;
	readonly exited: Promise<SandboxExit>;
	/** Resolves when `end` has been carried out; never rejects. */
	readonly ended: Promise<void>;
	readonly #launched: Launched;
	readonly #port: number;
	readonly #resolveEnded: () => void;
	readonly #freezer: Freezer;
	readonly #memory: WatchedMemory;
	#isGone = false;

	constructor(launched: Launched, port: number, watch: MemoryWatch, memoryBytes: number) {
		const { pid, stdout, stderr, report, exited } = launched.process;
		this.pid = pid;
		this.stdout = stdout;
		this.stderr = stderr;
		this.report = report;
		const usage = new ProcessUsage(() => descendantsOf(pid), memoryBytes);
		this.#memory = watch.add(usage, memoryBytes, () => killGroup(pid));
		const marked = () => markedProcesses(launched.marker).map((process) => process.pid);
		this.#freezer = new Freezer(new SignalFreezer(marked, pid));
		// Until it listens it is busy with itself.
		this.#memory.setBusy(true);
		this.exited = exited.then((exit) => this.#onExit(exit));
		const ended = Promise.withResolvers<void>();
		this.ended = ended.promise;
		this.#resolveEnded = ended.resolve;
		this.#launched = launched;
		this.#port = port;
	}

	async awaitReadiness(limits: ReadinessLimits): Promise<Readiness> {
		const readiness = await this.#readiness(limits);
		this.#memory.setBusy(false);
		return readiness;
	}

	#readiness(limits: ReadinessLimits): Promise<Readiness> {
		const { pid } = this;
		const port = this.#port;
		const calls = libc();
		if (calls === null || mayMeetItself(port)) {
			return awaitReadiness({ ...limits, host: LIMITS.functionHost, port });
		}
		const waits = new ListenWaits(calls, WAIT_BLOCK_US);
		void limits.listening?.then(() => waits.hurry());
		const isGone = (): boolean => this.#isGone;
		const listener = { port, isGone, open: () => openSocket(calls) };
		return awaitSocket(limits, {
			wait: (timeoutMs) => waits.wait(pid, listener, timeoutMs),
			stop: () => waits.stop(pid),
			isGone,
		});
	}

	connect(handler: ConnectionHandler, onOpen: () => void): Connection {
		return connect(LIMITS.functionHost, this.#port, handler, onOpen);
	}

	async openSocket(): Promise<number> {
		const calls = requiredLibc();
		return connected(calls, openSocket(calls), this.#port);
	}

	isListening(): Promise<boolean> {
		return isPortHeld(this.#port);
	}

	listeningPlaces(): Promise<string> {
		return listeningPlaces(this.pid, this.#launched.marker, this.#port);
	}

	async end(graceMs: number): Promise<number> {
		// A stopped process would not see SIGTERM.
		this.thaw();
		const { marker } = this.#launched;
		const leftCount = await terminate({ pid: this.pid, marker, exited: this.exited }, graceMs);
		this.#resolveEnded();
		return leftCount;
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
		const memory = this.#memory.breachAtExit();
		this.#memory.remove();
		return { ...exit, memory };
	}
}

function killGroup(leader: number): void {
	try {
		process.kill(-leader, 'SIGKILL');
	} catch {
		// Gone.
	}
}
