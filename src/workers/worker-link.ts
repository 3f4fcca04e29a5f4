/** One worker as the owner has it: its process, what is said with it, the descriptors passed to it, and the places it has. */
import { closeSync, openSync } from 'node:fs';
import { errorText } from '../base/error-text.ts';
import { RuntimeError } from '../contract/errors.ts';
import { passDescriptor } from '../engine/descriptor-passing.ts';
import { socketPair } from '../engine/socket-pair.ts';
import type { LaunchSpec } from '../process/launch-spec.ts';
import { type ProcessExit, spawnWithDescriptors } from '../process/spawn.ts';
import { Channel } from './channel.ts';
import type { OwnerMessage, WorkerMessage } from './messages.ts';
import type { DeskWorker } from './place-desk.ts';
import { WORKER_OWNER } from './worker-start.ts';

/** Until the other side has read some of the descriptors that were passed. */
const RETRY_MS = 1;
const STDERR = 2;

interface Passing {
	readonly number: number;
	readonly descriptor: number;
	readonly passed: () => void;
}

export interface WorkerListener {
	onMessage(link: WorkerLink, message: WorkerMessage): void;
	/** It said what can not be understood or acted on, and is not heard any more. */
	onFault(link: WorkerLink, error: unknown): void;
}

export class WorkerLink implements DeskWorker {
	/** From 0. */
	readonly index: number;
	readonly pid: number;
	readonly places = new Set<number>();
	/** Resolves when it has ended and everything it said has been heard; never rejects. */
	readonly over: Promise<ProcessExit>;
	readonly #channel: Channel<WorkerMessage, OwnerMessage>;
	readonly #passing: number;
	readonly #queue: Passing[] = [];
	#open = true;

	private constructor(
		index: number,
		child: { readonly pid: number; readonly exited: Promise<ProcessExit> },
		descriptors: { readonly channel: number; readonly passing: number },
		listener: WorkerListener,
	) {
		this.index = index;
		this.pid = child.pid;
		this.#passing = descriptors.passing;
		const heard = Promise.withResolvers<void>();
		this.#channel = new Channel(descriptors.channel, {
			onMessage: (message) => listener.onMessage(this, message),
			onFault: (error) => listener.onFault(this, error),
			onClose: () => heard.resolve(),
		});
		this.over = Promise.all([child.exited, heard.promise]).then(([exit]) => {
			this.#open = false;
			for (const { passed } of this.#queue.splice(0)) passed();
			closeSync(this.#passing);
			return exit;
		});
	}

	/** Starts it. `memory`: see shared-state.ts. Rejects with ERR_SPAWN_FAILED. */
	static async start(
		index: number,
		spec: LaunchSpec,
		memory: number,
		listener: WorkerListener,
	): Promise<WorkerLink> {
		const ours: number[] = [];
		const theirs: number[] = [];
		const pair = (type: Parameters<typeof socketPair>[0]): readonly [number, number] => {
			const [near, far] = socketPair(type);
			ours.push(near);
			theirs.push(far);
			return [near, far];
		};
		try {
			const [channel, theirChannel] = pair('stream');
			const [passing, theirPassing] = pair('packets');
			const nothing = openSync('/dev/null', 'r');
			theirs.push(nothing);
			const descriptors = [nothing, STDERR, STDERR, theirChannel, theirPassing, memory];
			const environment = { ...spec.environment, [WORKER_OWNER]: String(process.pid) };
			const child = await spawnWithDescriptors({ ...spec, environment }, descriptors);
			return new WorkerLink(index, child, { channel, passing }, listener);
		} catch (error) {
			for (const descriptor of ours) closeSync(descriptor);
			if (error instanceof RuntimeError) throw error;
			const message = `Could not start a gateway process: ${errorText(error)}, wanted descriptors for it`;
			throw new RuntimeError('ERR_SPAWN_FAILED', message, { cause: error });
		} finally {
			for (const descriptor of theirs) closeSync(descriptor);
		}
	}

	send(message: OwnerMessage): void {
		if (this.#open) this.#channel.send(message);
	}

	/** Resolves when it has left, or the worker is gone. The descriptor stays the caller's. */
	pass(number: number, descriptor: number): Promise<void> {
		return new Promise((passed) => {
			this.#queue.push({ number, descriptor, passed });
			if (this.#queue.length === 1) this.#passNext();
		});
	}

	kill(): void {
		try {
			process.kill(this.pid, 'SIGKILL');
		} catch {
			// It has just ended.
		}
	}

	#passNext(): void {
		for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
			if (!this.#tryToPass(next)) {
				setTimeout(() => this.#passNext(), RETRY_MS);
				return;
			}
			this.#queue.shift();
			next.passed();
		}
	}

	/** False: it has to be tried again. */
	#tryToPass(passing: Passing): boolean {
		try {
			return !this.#open || passDescriptor(this.#passing, passing);
		} catch {
			// It is gone, and what it is told next will not be heard either.
			return true;
		}
	}
}
