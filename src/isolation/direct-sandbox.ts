/** One instance among the host's processes. */
import { LIMITS } from '../contract/limits.ts';
import type { Connection, ConnectionHandler } from '../engine/connection.ts';
import type { ByteSource } from '../engine/pipe.ts';
import { connect } from '../engine/sockets.ts';
import type { Launched } from '../process/launch.ts';
import { listeningPlaces } from '../process/listening-places.ts';
import { isPortHeld } from '../process/port-holder.ts';
import { awaitReadiness, type Readiness } from '../process/readiness.ts';
import type { ReadinessLimits, Sandbox, SandboxExit } from '../process/sandbox.ts';
import { groupMembers, markedProcesses } from '../process/survivors.ts';
import { terminate } from '../process/terminate.ts';

export class DirectSandbox implements Sandbox {
	readonly pid: number;
	readonly stdout: ByteSource;
	readonly stderr: ByteSource;
	readonly exited: Promise<SandboxExit>;
	/** Resolves when `end` has been carried out; never rejects. */
	readonly ended: Promise<void>;
	readonly #launched: Launched;
	readonly #port: number;
	readonly #resolveEnded: () => void;
	#frozen: readonly number[] = [];

	constructor(launched: Launched, port: number) {
		const { pid, stdout, stderr, exited } = launched.process;
		this.pid = pid;
		this.stdout = stdout;
		this.stderr = stderr;
		this.exited = exited.then((exit) => ({ ...exit, memory: null }));
		const ended = Promise.withResolvers<void>();
		this.ended = ended.promise;
		this.#resolveEnded = ended.resolve;
		this.#launched = launched;
		this.#port = port;
	}

	awaitReadiness(limits: ReadinessLimits): Promise<Readiness> {
		return awaitReadiness({ ...limits, host: LIMITS.functionHost, port: this.#port });
	}

	connect(handler: ConnectionHandler, onOpen: () => void): Connection {
		return connect(LIMITS.functionHost, this.#port, handler, onOpen);
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

	freeze(): void {
		if (this.#frozen.length > 0) return;
		const members = [...groupMembers(this.pid), ...markedProcesses(this.#launched.marker)];
		this.#frozen = [...new Set(members.map(({ pid }) => pid))];
		for (const pid of this.#frozen) signal(pid, 'SIGSTOP');
	}

	thaw(): void {
		for (const pid of this.#frozen) signal(pid, 'SIGCONT');
		this.#frozen = [];
	}

	setBusy(): void {}
}

/** A process that has gone needs no signal; while it is stopped its number is not given to another. */
function signal(pid: number, name: NodeJS.Signals): void {
	try {
		process.kill(pid, name);
	} catch {
		// Gone.
	}
}
