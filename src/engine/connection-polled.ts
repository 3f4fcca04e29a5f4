/**
 * A connection whose descriptor we read and write ourselves, when a PollLoop says that it is ready. An event costs a fraction of what it
 * costs through an engine's own sockets: no object, no callback and no copy of the engine's lies between the kernel and us.
 */
import { constants } from 'node:os';
import type { Connection, ConnectionHandler } from './connection.ts';
import { KernelError } from './kernel-error.ts';
import type { Libc } from './libc.ts';
import { Outbox, type OutboxOwner } from './outbox.ts';
import {
	type BatchReader,
	FAILED,
	HUNG_UP,
	type PollLoop,
	type PollSource,
	READABLE,
	WRITABLE,
} from './poll-loop.ts';
import { receive } from './receive.ts';
import { BATCHED_BYTES } from './socket-batch.ts';
import { keepAlive, pendingError, resetOnClose } from './socket-options.ts';

const SHUT_WR = 1;
const { EAGAIN, EINTR } = constants.errno;

const IGNORE: ConnectionHandler = { onData() {}, onDrain() {}, onEnd() {}, onClose() {} };

export class PolledConnection implements Connection, PollSource, BatchReader, OutboxOwner {
	handler: ConnectionHandler;
	readonly tls = null;
	readonly reader = this;
	remoteAddress = '';
	remotePort = 0;
	readonly #calls: Libc;
	readonly #loop: PollLoop;
	/** -1: it has yet to come, or is closed. */
	#descriptor = -1;
	/** Null: it is open from the start. */
	readonly #onOpen: (() => void) | null;
	#open = false;
	/** The events asked for; 0 and `#watched` false: it is out of the loop, because it has hung up and nobody reads it. */
	#events = 0;
	#watched = false;
	readonly #outbox: Outbox;
	#drainWanted = false;
	#paused = false;
	/** It was read for us before an earlier one of the same turn had us paused. */
	#early: Buffer | null = null;
	/** The last read was as long as a batched one can be: the next is long too. */
	#long = false;
	#ending = false;
	#finSent = false;
	/** The peer's FIN was told. */
	#ended = false;
	/** Nothing is delivered any more but the close. */
	#closing = false;
	#resetting = false;

	constructor(calls: Libc, loop: PollLoop, handler: ConnectionHandler | null, onOpen: (() => void) | null) {
		this.#calls = calls;
		this.#loop = loop;
		this.handler = handler ?? IGNORE;
		this.#onOpen = onOpen;
		this.#outbox = new Outbox(calls, loop, this);
	}

	get queued(): boolean {
		this.#outbox.settle();
		return this.#outbox.keeps;
	}

	/** One that is open already: accepted. */
	accepted(descriptor: number): void {
		this.#descriptor = descriptor;
		this.#open = true;
		// The listening socket has handed that down.
		this.#outbox.open(descriptor, true);
		this.#watch(READABLE);
	}

	/** One that is connected or connecting: `onOpen` comes when it can be written, which may be at once. */
	begin(descriptor: number): void {
		this.#descriptor = descriptor;
		if (this.#closing) {
			this.#release();
			return;
		}
		// Most are on loopback, or were connected before they came.
		const error = this.#outbox.begin(descriptor);
		if (error !== 0 && error !== EAGAIN) {
			this.close(new KernelError('connect', error));
			return;
		}
		this.#watch(error === 0 ? READABLE : WRITABLE);
		if (error === 0 && !this.#closing) this.#established();
	}

	/** Tells the owner, but never from within a call of its own. `error`: there will be no descriptor, or it is of no use any more. */
	close(error: Error | null): void {
		if (this.#closing) return;
		this.#closing = true;
		this.#release();
		queueMicrotask(() => this.handler.onClose(error));
	}

	ready(events: number): void {
		if (!this.#open) this.#begun();
		else if ((events & WRITABLE) !== 0) this.#drained();
		if (this.#closing || (events & (READABLE | FAILED | HUNG_UP)) === 0) return;
		if (this.#reads) this.#read();
		else if ((events & FAILED) !== 0) this.close(pendingError(this.#calls, this.#descriptor, 'recv'));
		else if ((events & HUNG_UP) !== 0) this.#hungUp();
		else this.#update();
	}

	wouldRead(events: number): boolean {
		return events === READABLE && this.#open && !this.#long && this.#reads && this.#early === null;
	}

	received(outcome: Buffer | number): void {
		if (typeof outcome !== 'number') {
			this.#long = outcome.length >= BATCHED_BYTES;
			if (this.#paused) this.#early = outcome;
			else this.handler.onData(outcome);
		} else if (outcome === 0) {
			// Told again when it is not.
			if (!this.#paused) this.#onFin();
		} else if (-outcome !== EAGAIN && -outcome !== EINTR) {
			this.close(new KernelError('recv', -outcome));
		}
	}

	onKept(): void {
		if (!this.#closing) this.#update();
	}

	onFailed(error: KernelError): void {
		this.close(error);
	}

	write(bytes: Uint8Array): boolean {
		if (this.#closing || this.#ending || bytes.length === 0) return true;
		return this.#outbox.write(bytes) || this.#kept();
	}

	writeHead(head: string, body: Uint8Array | null): boolean {
		if (this.#closing || this.#ending) return true;
		return this.#outbox.writeHead(head, body) || this.#kept();
	}

	keepAlive(): void {
		if (this.#descriptor >= 0) keepAlive(this.#calls, this.#descriptor);
	}

	/** The kernel is told when there is something that is not to be read: most pauses are over by then. */
	pause(): void {
		this.#paused = true;
	}

	resume(): void {
		if (!this.#paused) return;
		this.#paused = false;
		if (this.#early !== null) queueMicrotask(() => this.#deliver());
		if (this.#open && !this.#closing) this.#update();
	}

	end(): void {
		if (this.#ending || this.#closing) return;
		this.#ending = true;
		if (this.#open && !this.queued) this.#sendFin();
	}

	destroy(): void {
		if (this.#closing) return;
		if (this.#open) this.#outbox.flush();
		this.close(null);
	}

	reset(): void {
		if (this.#closing) return;
		this.#resetting = true;
		this.close(null);
	}

	#begun(): void {
		const error = pendingError(this.#calls, this.#descriptor, 'connect');
		if (error !== null) this.close(error);
		else this.#established();
	}

	#established(): void {
		this.#open = true;
		this.#outbox.open(this.#descriptor, false);
		this.#onOpen?.();
		if (!this.#closing) this.#drained();
	}

	get #reads(): boolean {
		return !this.#paused && !this.#ended;
	}

	#read(): void {
		if (this.#early === null) this.received(receive(this.#calls, this.#descriptor));
	}

	#deliver(): void {
		const early = this.#early;
		if (early === null || this.#paused || this.#closing) return;
		this.#early = null;
		this.handler.onData(early);
	}

	#onFin(): void {
		this.#ended = true;
		this.handler.onEnd();
		if (this.#closing) return;
		if (this.#finSent) this.close(null);
		else this.#update();
	}

	#kept(): false {
		this.#drainWanted = true;
		if (this.#open) this.#update();
		return false;
	}

	/** Both sides have sent FIN, and what came is still to be read: the kernel would tell that again and again. */
	#hungUp(): void {
		if (this.#ended) this.close(null);
		else this.#unwatch();
	}

	#drained(): void {
		this.#outbox.flush();
		if (!this.#outbox.keeps && this.#ending) {
			this.#sendFin();
		} else if (!this.#outbox.keeps && this.#drainWanted) {
			this.#drainWanted = false;
			this.handler.onDrain();
		}
		if (!this.#closing) this.#update();
	}

	#sendFin(): void {
		if (this.#finSent) return;
		this.#finSent = true;
		this.#calls.shutdown(this.#descriptor, SHUT_WR);
		if (this.#ended) this.close(null);
	}

	#watch(events: number): void {
		try {
			this.#loop.add(this.#descriptor, this, events);
			this.#events = events;
			this.#watched = true;
		} catch (error) {
			this.close(error as Error);
		}
	}

	#change(events: number): void {
		try {
			this.#loop.change(this.#descriptor, events);
			this.#events = events;
		} catch (error) {
			this.close(error as Error);
		}
	}

	#unwatch(): void {
		if (!this.#watched) return;
		this.#watched = false;
		this.#loop.remove(this.#descriptor);
	}

	/** Asks for the events that matter now, where that has changed. */
	#update(): void {
		const read = this.#reads ? READABLE : 0;
		const events = this.#outbox.keeps ? read | WRITABLE : read;
		if (!this.#watched) {
			if (events !== 0) this.#watch(events);
		} else if (events !== this.#events) {
			this.#change(events);
		}
	}

	#release(): void {
		this.#outbox.close();
		if (this.#descriptor < 0) return;
		this.#unwatch();
		if (this.#resetting) resetOnClose(this.#calls, this.#descriptor);
		this.#calls.close(this.#descriptor);
		this.#descriptor = -1;
	}
}
