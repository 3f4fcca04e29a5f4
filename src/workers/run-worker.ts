/**
 * The composition root of a worker: a gateway of its own, whose functions have their instances at the owner.
 *
 *   begin: what the owner says → gateway accepts on the sockets that were passed → ready
 *   serve: another table → requests that begin from now on go by it → serving
 *   drain: no new request; when nothing is in flight → quiet → the owner ends the instances → ended → the rest is cut → over
 *
 * It lives as long as the owner: when that is gone, so is the worker, with every connection it has.
 */
import { errorText } from '../base/error-text.ts';
import { RuntimeError } from '../contract/errors.ts';
import { FunctionTarget } from '../gateway/function-target.ts';
import { Gateway } from '../gateway/gateway.ts';
import { RouteTable } from '../gateway/route-table.ts';
import type { Router } from '../gateway/router.ts';
import { TableRouter } from '../gateway/table-router.ts';
import { Channel } from './channel.ts';
import type { FunctionTable, OwnerMessage, WorkerMessage } from './messages.ts';
import { OwnerLink } from './owner-link.ts';
import { RemoteAccessLog } from './remote-access-log.ts';
import { RemoteLog } from './remote-log.ts';
import { RemoteSource } from './remote-source.ts';
import { SharedState } from './shared-state.ts';
import { WORKER_DESCRIPTORS } from './worker-start.ts';

type Begin = Extract<OwnerMessage, { kind: 'begin' }>;

/**
 * Resolves when it has been drained (true), or the owner is gone (false). Rejects with what went wrong with a message, and throws where
 * this process is no worker.
 */
export function runWorker(): Promise<boolean> {
	return new WorkerProcess().over;
}

class WorkerProcess {
	readonly over: Promise<boolean>;
	readonly #channel: Channel<OwnerMessage, WorkerMessage>;
	readonly #owner: OwnerLink;
	readonly #state: SharedState;
	readonly #log: RemoteLog;
	readonly #ended = Promise.withResolvers<void>();
	readonly #targets = new Map<number, FunctionTarget>();
	#gateway: Gateway | null = null;
	#accessLog: RemoteAccessLog | null = null;
	#drained = false;

	constructor() {
		const over = Promise.withResolvers<boolean>();
		this.over = over.promise;
		this.#state = SharedState.open(WORKER_DESCRIPTORS.memory);
		this.#channel = new Channel(WORKER_DESCRIPTORS.channel, {
			onMessage: (message) => this.#onMessage(message),
			onFault: over.reject,
			onClose: () => over.resolve(this.#drained),
		});
		const send = (message: WorkerMessage): void => this.#channel.send(message);
		this.#owner = new OwnerLink(send, WORKER_DESCRIPTORS.passing);
		this.#log = new RemoteLog(this.#channel, null);
	}

	#onMessage(message: OwnerMessage): void {
		if (this.#owner.onMessage(message)) return;
		switch (message.kind) {
			case 'begin':
				this.#begin(message).catch((error: unknown) => this.#fail(error));
				return;
			case 'serve':
				this.#gateway?.reroute(this.#routerOf(message.table));
				this.#channel.send({ kind: 'serving', generation: message.generation });
				return;
			case 'drain':
				void this.#drain(message.graceMs);
				return;
			case 'ended':
				this.#ended.resolve();
				return;
			default:
				throw new Error(`nobody is meant by ${message.kind}`);
		}
	}

	async #begin({ index, settings, table, points }: Begin): Promise<void> {
		const { accessLog } = settings;
		if (accessLog !== null) this.#accessLog = new RemoteAccessLog(this.#channel, accessLog, this.#log);
		const gateway = new Gateway({
			...settings,
			router: this.#routerOf(table),
			log: this.#log,
			accessLog: this.#accessLog,
			elsewhere: this.#state.elsewhere(index),
		});
		this.#gateway = gateway;
		// All, before the first request: connections to instances are passed by numbers of their own.
		const passed = points.map(({ secure }, point) => ({ fd: this.#owner.passed(point), secure }));
		for (const { fd, secure } of passed) await gateway.listen({ at: { kind: 'descriptor', fd }, secure });
		this.#channel.send({ kind: 'ready' });
	}

	#fail(error: unknown): void {
		const code = error instanceof RuntimeError ? error.code : 'ERR_INTERNAL';
		this.#channel.send({ kind: 'failed', error: { code, message: errorText(error) } });
	}

	/** Functions that stay keep their places and connections. */
	#routerOf({ functions, routes }: FunctionTable): Router {
		const numbers = new Set(functions.map(({ number }) => number));
		for (const number of [...this.#targets.keys()]) if (!numbers.has(number)) this.#remove(number);
		for (const { number, settings } of functions) {
			if (this.#targets.has(number)) continue;
			const source = new RemoteSource(number, this.#owner, this.#state.marks);
			this.#owner.add(source);
			const log = new RemoteLog(this.#channel, number);
			this.#targets.set(number, new FunctionTarget({ settings, source, log }));
		}
		const [only] = this.#targets.values();
		if (routes === null && only !== undefined) return only;
		return new TableRouter(
			new RouteTable(
				(routes ?? []).map(({ function: number, ...route }) => ({ ...route, target: this.#target(number) })),
			),
		);
	}

	#remove(number: number): void {
		this.#targets.delete(number);
		this.#owner.remove(number);
	}

	#target(number: number): FunctionTarget {
		const target = this.#targets.get(number);
		if (target === undefined) throw new Error(`function ${number} is routed to and not known`);
		return target;
	}

	async #drain(graceMs: number): Promise<void> {
		await this.#gateway?.drain(graceMs, async () => {
			this.#channel.send({ kind: 'quiet' });
			await this.#ended.promise;
		});
		this.#drained = true;
		this.#accessLog?.flush();
		this.#channel.finish();
	}
}
