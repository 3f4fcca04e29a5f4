/** The main thread's side of the thread that waits for what leaves namespaces. */
import { writeSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { KernelError } from '../engine/kernel-error.ts';
import {
	encodeCommand,
	type PollerCommand,
	type PollerMessage,
	type PollerStart,
	UNTAKEN_MAX,
} from './egress-poller-protocol.ts';
import type { EgressArrival, EgressSockets } from './egress-sockets.ts';
import { kernel } from './kernel.ts';
import { startEgressThread } from './start-thread.ts';

const O_CLOEXEC = 0o2000000;

interface Registration {
	readonly sockets: EgressSockets;
	readonly onArrival: (arrival: EgressArrival) => void;
	readonly removed: PromiseWithResolvers<void>;
	removing: boolean;
}

interface Thread {
	readonly worker: Worker;
	readonly commandFd: number;
	readonly untaken: Int32Array<SharedArrayBuffer>;
	readonly ended: PromiseWithResolvers<void>;
	/** Gives up the pipe; harmless twice. */
	readonly release: () => void;
}

export class EgressPoller {
	readonly #libc = kernel().libc;
	readonly #onFailure: (error: Error) => void;
	readonly #places = new Map<number, Registration>();
	#thread: Thread | null = null;
	#ids = 0;
	#closing: Promise<void> | null = null;

	/**
	 * Throws where the C library can not be called. `onFailure` learns of a thread that ended by itself: every place's sockets
	 * are closed then, and the next `add` starts another thread.
	 */
	constructor(onFailure: (error: Error) => void = () => {}) {
		this.#onFailure = onFailure;
	}

	/** Starts the thread, if it is not there: a thread takes longer than some functions. */
	warm(): void {
		if (this.#closing === null) this.#thread ??= this.#start();
	}

	/**
	 * Takes over the sockets; answers an id for `remove`. Arrivals come on the main thread, in order. What an arrival says
	 * about descriptors holds: connections are the receiver's to close.
	 */
	add(sockets: EgressSockets, onArrival: (arrival: EgressArrival) => void): number {
		if (this.#closing !== null) throw new Error('cannot watch the way out of a place: the poller is closed');
		this.#thread ??= this.#start();
		this.#ids += 1;
		const removed = Promise.withResolvers<void>();
		this.#places.set(this.#ids, { sockets, onArrival, removed, removing: false });
		command(this.#thread, { kind: 'add', id: this.#ids, sockets });
		return this.#ids;
	}

	/**
	 * Resolves when the place's sockets are closed; no arrival comes after the call. Whoever answers queries may use their
	 * sockets until then, and not after. An unknown id resolves at once.
	 */
	remove(id: number): Promise<void> {
		const place = this.#places.get(id);
		if (place === undefined || this.#thread === null) return Promise.resolve();
		if (!place.removing) {
			place.removing = true;
			this.#thread.worker.ref();
			command(this.#thread, { kind: 'remove', id });
		}
		return place.removed.promise;
	}

	/** Removes every place and ends the thread. */
	close(): Promise<void> {
		this.#closing ??= this.#close();
		return this.#closing;
	}

	async #close(): Promise<void> {
		const thread = this.#thread;
		if (thread === null) return;
		thread.worker.ref();
		for (const place of this.#places.values()) place.removing = true;
		command(thread, { kind: 'close' });
		await thread.ended.promise;
		await thread.worker.terminate();
	}

	#start(): Thread {
		const descriptors = Buffer.alloc(8);
		if (this.#libc.pipe2(descriptors, O_CLOEXEC) !== 0) {
			throw new KernelError('pipe2', this.#libc.lastErrorNumber());
		}
		const [readFd, writeFd] = [descriptors.readInt32LE(0), descriptors.readInt32LE(4)];
		const untaken = new Int32Array(new SharedArrayBuffer(4));
		const worker = startEgressThread({ commandFd: readFd, untaken } satisfies PollerStart);
		// The engine waits for a thread at its own end, and this one for the kernel.
		const wake = () => command(thread, { kind: 'close' });
		const release = once(() => {
			process.off('exit', wake);
			this.#libc.close(readFd);
			this.#libc.close(writeFd);
		});
		const ended = Promise.withResolvers<void>();
		const thread: Thread = { worker, commandFd: writeFd, untaken, ended, release };
		process.once('exit', wake);
		worker.on('message', (message: PollerMessage) => this.#receive(thread, message));
		worker.on('error', (error) => this.#fail(thread, error as Error));
		worker.on('exit', () => this.#fail(thread, new Error('the thread of egress has ended')));
		// Listening for messages has made the thread keep the process alive.
		worker.unref();
		return thread;
	}

	#receive(thread: Thread, message: PollerMessage): void {
		switch (message.kind) {
			case 'arrival':
				if (Atomics.sub(thread.untaken, 0, 1) >= UNTAKEN_MAX) Atomics.notify(thread.untaken, 0);
				this.#arrive(message.id, message.arrival);
				break;
			case 'removed':
				this.#forget(message.id);
				if (![...this.#places.values()].some(({ removing }) => removing)) thread.worker.unref();
				break;
			case 'closed':
				this.#end(thread);
				break;
			default:
				message satisfies never;
		}
	}

	#arrive(id: number, arrival: EgressArrival): void {
		const place = this.#places.get(id);
		if (place === undefined || place.removing) {
			if (arrival.kind !== 'dns-query') this.#libc.close(arrival.fd);
			return;
		}
		if (arrival.kind === 'dns-query') {
			// A message carries plain bytes.
			const { client, bytes } = arrival;
			place.onArrival({ ...arrival, client: Buffer.from(client), bytes: Buffer.from(bytes) });
		} else {
			place.onArrival(arrival);
		}
	}

	#forget(id: number): void {
		const place = this.#places.get(id);
		this.#places.delete(id);
		place?.removed.resolve();
	}

	#fail(thread: Thread, error: Error): void {
		if (this.#thread !== thread) return;
		for (const [id, { sockets, removing }] of [...this.#places]) {
			const { tcp, tcp6, dnsTcp, dnsUdp } = sockets;
			// Those that the thread was told to close may be closed already, and their numbers given to others.
			const left = removing ? [] : [tcp, tcp6, dnsTcp, dnsUdp];
			for (const fd of left) if (fd !== null) this.#libc.close(fd);
			this.#forget(id);
		}
		this.#end(thread);
		this.#onFailure(error);
	}

	#end(thread: Thread): void {
		this.#thread = null;
		thread.release();
		thread.ended.resolve();
	}
}

function command({ commandFd }: Thread, given: PollerCommand): void {
	writeSync(commandFd, encodeCommand(given));
}

function once(action: () => void): () => void {
	let done = false;
	return () => {
		if (!done) action();
		done = true;
	};
}
