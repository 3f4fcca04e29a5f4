/** A zygote on this host: a process that is started ahead, and told later which function it is. */
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { cString, type Libc, libc } from '../engine/libc.ts';
import { closePipe, openPipe, type Pipe, readPipe } from '../engine/pipe.ts';
import { hasTold } from './has-told.ts';
import type { LaunchSpec } from './launch-spec.ts';
import { type BareProcess, type ProcessExit, type SpawnedProcess, spawnWithDescriptors } from './spawn.ts';

const F_SETFL = 4;
const MFD_CLOEXEC = 1;

/** Its descriptors are those of contract/edge-start.ts. */
export class WaitingProcess {
	readonly pid: number;
	/** Resolves when it has ended; never rejects. */
	readonly exited: Promise<ProcessExit>;
	readonly #hold: (held: boolean) => void;
	readonly #calls: Libc;
	readonly #messageFd: number;
	readonly #order: Pipe;
	/** Of stdout, stderr and what it reports. */
	readonly #output: readonly [Pipe, Pipe, Pipe];
	#hasEnded = false;

	private constructor(
		{ pid, exited, hold }: BareProcess,
		calls: Libc,
		messageFd: number,
		order: Pipe,
		output: readonly [Pipe, Pipe, Pipe],
	) {
		this.pid = pid;
		this.exited = exited;
		this.#hold = hold;
		// A process that only waits is no reason to live.
		hold(false);
		this.#calls = calls;
		this.#messageFd = messageFd;
		this.#order = order;
		this.#output = output;
		void exited.then(() => {
			this.#hasEnded = true;
		});
	}

	/**
	 * `first` is what it finds as its message until there is one. Null where the engine can not call the C library, or a descriptor is
	 * not to be had. Rejects with ERR_SPAWN_FAILED.
	 */
	static async start(spec: LaunchSpec, first = ''): Promise<WaitingProcess | null> {
		const calls = libc();
		const descriptors = calls === null ? null : openDescriptors(calls);
		if (descriptors === null) return null;
		const { inputFd, messageFd, order, output } = descriptors;
		const [stdout, stderr, report] = output;
		try {
			writeSync(messageFd, first, 0);
			const stdio = [inputFd, stdout.writeFd, stderr.writeFd, report.writeFd, messageFd, order.readFd];
			const bare = await spawnWithDescriptors(spec, stdio);
			return new WaitingProcess(bare, calls as Libc, messageFd, order, output);
		} catch (error) {
			closeSync(order.writeFd);
			closeSync(messageFd);
			for (const { readFd } of output) closeSync(readFd);
			throw error;
		} finally {
			for (const fd of [inputFd, order.readFd, ...output.map(({ writeFd }) => writeFd)]) closeSync(fd);
		}
	}

	/** Resolves when it tells that it waits, with false where it never will. Not for one that is to become something meanwhile. */
	async waits(): Promise<boolean> {
		return hasTold(this.#calls, this.#output[2].readFd);
	}

	/**
	 * Has it become a function's, by a message that it understands; `reports`: the function tells something on its descriptor 3. Either this or
	 * `dismiss` is to be called, once. Throws where it has ended.
	 */
	become(message: string, reports: boolean): SpawnedProcess {
		const [stdout, stderr, report] = this.#output;
		try {
			ftruncateSync(this.#messageFd);
			writeSync(this.#messageFd, message, 0);
			writeSync(this.#order.writeFd, '\n');
		} catch (error) {
			for (const { readFd } of this.#output) closeSync(readFd);
			throw error;
		} finally {
			this.#closeOrder();
		}
		this.#hold(true);
		if (!reports) closeSync(report.readFd);
		return {
			pid: this.pid,
			exited: this.exited,
			stdout: readPipe(stdout.readFd),
			stderr: readPipe(stderr.readFd),
			report: reports ? readPipe(report.readFd) : null,
		};
	}

	/** Nobody wants it: it ends. */
	dismiss(): void {
		this.#hold(true);
		this.#closeOrder();
		for (const { readFd } of this.#output) closeSync(readFd);
		// Its number may be another's by now.
		if (this.#hasEnded) return;
		try {
			process.kill(this.pid, 'SIGKILL');
		} catch {
			// It has ended already.
		}
	}

	#closeOrder(): void {
		closeSync(this.#messageFd);
		closeSync(this.#order.writeFd);
	}
}

interface Descriptors {
	readonly inputFd: number;
	readonly messageFd: number;
	readonly order: Pipe;
	readonly output: readonly [Pipe, Pipe, Pipe];
}

/** All, or null and none. */
function openDescriptors(calls: Libc): Descriptors | null {
	const inputFd = openNothing();
	const messageFd = calls.memfd_create(cString('start'), MFD_CLOEXEC);
	const pipes = [openPipe(), openPipe(), openPipe(), openPipe()];
	const [order, stdout, stderr, report] = pipes;
	if (inputFd < 0 || messageFd < 0 || order == null || stdout == null || stderr == null || report == null) {
		for (const fd of [inputFd, messageFd]) if (fd >= 0) closeSync(fd);
		for (const pipe of pipes) if (pipe !== null) closePipe(pipe);
		return null;
	}
	// The process waits in a call that has to block.
	calls.fcntl(order.readFd, F_SETFL, 0);
	return { inputFd, messageFd, order, output: [stdout, stderr, report] };
}

/** Negative where the host has none. */
function openNothing(): number {
	try {
		return openSync('/dev/null', 'r');
	} catch {
		return -1;
	}
}
