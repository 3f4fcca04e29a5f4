/**
 * The process that this one takes over from, as long as it lives.
 *
 *   started with its sockets ──▶ state folder asked for ──▶ everything started ──▶ accepting: told ready ──▶ it drains, and is gone
 *
 * When it is gone before this one is ready, killed say, this one goes on: the sockets are its own by then.
 */
import fs from 'node:fs';
import { RuntimeError } from '../contract/errors.ts';
import type { ListenPlace } from '../engine/listener.ts';
import { placeText } from '../gateway/place-text.ts';
import type { PredecessorMessage, SuccessorMessage } from './handover-message.ts';
import { readPredecessorMessage } from './handover-message.ts';
import { type Handover, readHandover } from './handover-variable.ts';
import { MessageWriter } from './message-writer.ts';
import { pipeLines } from './pipe-lines.ts';

export class Predecessor {
	/** Resolves when it has ended, its instances too where it could end them; never rejects. */
	readonly gone: Promise<void>;
	readonly #handover: Handover;
	readonly #unused: Map<string, Handover['sockets'][number]>;
	readonly #writer: MessageWriter<SuccessorMessage>;
	#answer: ((message: PredecessorMessage) => void) | null = null;

	/** Null: this process takes over from nobody. Ask once. */
	static of(environment: Readonly<Record<string, string>>): Predecessor | null {
		const handover = readHandover(environment);
		return handover === null ? null : new Predecessor(handover);
	}

	private constructor(handover: Handover) {
		this.#handover = handover;
		this.#unused = new Map(handover.sockets.map((socket) => [socket.wanted, socket]));
		this.#writer = new MessageWriter(handover.write);
		this.gone = this.#listen();
	}

	/** Where its control plane listens. */
	get control(): Handover['control'] {
		return this.#handover.control;
	}

	/** The socket that it was handed for a place, once; the place itself where it was handed none. */
	place(at: ListenPlace): ListenPlace {
		const wanted = placeText(at);
		const socket = this.#unused.get(wanted);
		if (socket === undefined) return at;
		this.#unused.delete(wanted);
		const { fd, file } = socket;
		return { kind: 'descriptor', fd, ...(file === null ? {} : { file }) };
	}

	/** Resolves when the state folder is free. Rejects with ERR_UPGRADE_FAILED where it was not given. */
	async takeState(): Promise<void> {
		const answered = new Promise<PredecessorMessage>((resolve) => {
			this.#answer = resolve;
		});
		this.#writer.tell({ kind: 'state' });
		const free: PredecessorMessage = { kind: 'state', problem: null };
		const { problem } = await Promise.race([answered, this.gone.then(() => free)]);
		if (problem !== null)
			throw new RuntimeError('ERR_UPGRADE_FAILED', `the state folder was not given: ${problem}`);
	}

	/** From now on it accepts no more. Sockets that were not asked for are closed. */
	ready(version: string): void {
		for (const { fd } of this.#unused.values()) fs.closeSync(fd);
		this.#unused.clear();
		this.#writer.tell({ kind: 'ready', version });
		this.#writer.close();
	}

	/** It goes on as before. */
	failed(code: string, message: string): void {
		this.#writer.tell({ kind: 'failed', code, message });
		this.#writer.close();
	}

	async #listen(): Promise<void> {
		for await (const line of pipeLines(this.#handover.read)) {
			const message = readPredecessorMessage(line);
			if (message !== null) this.#answer?.(message);
		}
	}
}
