/**
 * The owner as a worker of its own: what it asks of functions itself, for calls of the control plane, has places by the same way as the
 * requests of all others, and so gives way to them and they to it.
 */

import type { OwnerMessage, WorkerMessage } from './messages.ts';
import { OwnerLink } from './owner-link.ts';
import type { DeskWorker } from './place-desk.ts';
import type { PlaceMarks } from './place-marks.ts';
import { RemoteSource } from './remote-source.ts';

/** No descriptor is passed within a process. */
const NO_DESCRIPTORS = -1;

export interface OwnWorkerOptions {
	readonly marks: PlaceMarks;
	readonly answer: (from: OwnWorker, message: WorkerMessage) => void;
	/** A descriptor of a new connection to an instance. */
	readonly openSocket: (instance: number) => Promise<number>;
}

export class OwnWorker implements DeskWorker {
	readonly places = new Set<number>();
	readonly #marks: PlaceMarks;
	readonly #link: OwnerLink;
	readonly #sources = new Map<number, RemoteSource>();

	constructor({ marks, answer, openSocket }: OwnWorkerOptions) {
		this.#marks = marks;
		this.#link = new OwnerLink((message) => answer(this, message), NO_DESCRIPTORS, openSocket);
	}

	/** As over a socket: whoever sends has done what it is at before it gets an answer. */
	send(message: OwnerMessage): void {
		queueMicrotask(() => this.#link.onMessage(message));
	}

	pass(): Promise<void> {
		return Promise.reject(new Error('no descriptor is passed within a process'));
	}

	source(number: number): RemoteSource {
		const source = new RemoteSource(number, this.#link, this.#marks);
		this.#sources.set(number, source);
		this.#link.add(source);
		return source;
	}

	/** Only what was begun with it is ended from now on. */
	leave(number: number): void {
		const source = this.#sources.get(number);
		this.#sources.delete(number);
		if (source !== undefined) this.#link.remove(source);
	}
}
