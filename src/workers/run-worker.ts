/**
 * The composition root of a worker: a gateway of its own, whose functions have their instances at the owner.
 *
 *   begin: what the owner says → gateway accepts on the sockets that were passed → ready
 *   serve: another table → requests that begin from now on go by it → serving
 *   changed: the catalog says something else → requests that begin from now on go by that → serving
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
import { RouterChain } from '../gateway/router-chain.ts';
import { TableRouter } from '../gateway/table-router.ts';
import { CatalogHost } from './catalog-host.ts';
import { Channel } from './channel.ts';
import type { CatalogSettings, FunctionTable, OwnerMessage, WorkerMessage } from './messages.ts';
import { OwnerLink } from './owner-link.ts';
import { RemoteAccessLog } from './remote-access-log.ts';
import { RemoteApis } from './remote-apis.ts';
import { RemoteLog } from './remote-log.ts';
import { RemoteSource } from './remote-source.ts';
import { SharedState } from './shared-state.ts';
import { WORKER_DESCRIPTORS } from './worker-start.ts';

type Begin = Extract<OwnerMessage, { kind: 'begin' }>;

/** The functions of the catalog, as a worker routes to them. */
export interface CatalogFront {
	readonly router: Router;
	/** Nothing counts any more that was found of the catalog, or was of this function; 0: of no function. */
	changed(functionId: number): void;
	close(): void;
}

export type OpenCatalogFront = (settings: CatalogSettings, host: CatalogHost) => Promise<CatalogFront>;

/**
 * Resolves when it has been drained (true), or the owner is gone (false). Rejects with what went wrong with a message, and throws where
 * this process is no worker. `openCatalog` is called where the owner has a catalog.
 */
export function runWorker(openCatalog: OpenCatalogFront): Promise<boolean> {
	return new WorkerProcess(openCatalog).over;
}

/** A function of the table. */
interface Served {
	readonly source: RemoteSource;
	readonly target: FunctionTarget;
}

class WorkerProcess {
	readonly over: Promise<boolean>;
	readonly #channel: Channel<OwnerMessage, WorkerMessage>;
	readonly #owner: OwnerLink;
	readonly #state: SharedState;
	readonly #log: RemoteLog;
	readonly #apis: RemoteApis;
	readonly #openCatalog: OpenCatalogFront;
	readonly #ended = Promise.withResolvers<void>();
	readonly #targets = new Map<number, Served>();
	#table: FunctionTable = { functions: [], routes: [] };
	#catalog: CatalogFront | null = null;
	#gateway: Gateway | null = null;
	#accessLog: RemoteAccessLog | null = null;
	#drained = false;

	constructor(openCatalog: OpenCatalogFront) {
		this.#openCatalog = openCatalog;
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
		this.#apis = new RemoteApis(send);
		this.#log = new RemoteLog(this.#channel, null);
	}

	#onMessage(message: OwnerMessage): void {
		if (this.#owner.onMessage(message) || this.#apis.onMessage(message)) return;
		switch (message.kind) {
			case 'begin':
				this.#begin(message).catch((error: unknown) => this.#fail(error));
				return;
			case 'serve':
				this.#table = message.table;
				this.#gateway?.reroute(this.#router());
				this.#channel.send({ kind: 'serving', generation: message.generation });
				return;
			case 'changed':
				this.#catalog?.changed(message.functionId);
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

	async #begin({ index, settings, table, points, catalog }: Begin): Promise<void> {
		const { accessLog } = settings;
		this.#table = table;
		if (catalog !== null) this.#catalog = await this.#openCatalog(catalog, this.#catalogHost());
		if (accessLog !== null) this.#accessLog = new RemoteAccessLog(this.#channel, accessLog, this.#log);
		const gateway = new Gateway({
			...settings,
			router: this.#router(),
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

	#catalogHost(): CatalogHost {
		const { marks } = this.#state;
		return new CatalogHost({ owner: this.#owner, apis: this.#apis, sink: this.#channel, marks });
	}

	/** Routes of the table come before the catalog's. */
	#router(): Router {
		const table = this.#tableRouter(this.#table);
		return this.#catalog === null ? table : new RouterChain([table, this.#catalog.router]);
	}

	/** Functions that stay keep their places and connections. */
	#tableRouter({ functions, routes }: FunctionTable): Router {
		const numbers = new Set(functions.map(({ number }) => number));
		for (const number of [...this.#targets.keys()]) if (!numbers.has(number)) this.#remove(number);
		for (const { number, settings } of functions) {
			if (this.#targets.has(number)) continue;
			const source = new RemoteSource(number, this.#owner, this.#state.marks);
			this.#owner.add(source);
			const log = new RemoteLog(this.#channel, number);
			this.#targets.set(number, { source, target: new FunctionTarget({ settings, source, log }) });
		}
		const [only] = this.#targets.values();
		if (routes === null && only !== undefined) return only.target;
		return new TableRouter(
			new RouteTable(
				(routes ?? []).map(({ function: number, ...route }) => ({ ...route, target: this.#target(number) })),
			),
		);
	}

	#remove(number: number): void {
		const served = this.#targets.get(number);
		this.#targets.delete(number);
		if (served !== undefined) this.#owner.remove(served.source);
	}

	#target(number: number): FunctionTarget {
		const { target } = this.#targets.get(number) ?? {};
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
		this.#catalog?.close();
		this.#channel.finish();
	}
}
