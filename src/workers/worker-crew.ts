/**
 * Several gateway processes as one front. This process owns whatever there is one of: the sockets that are listened on, the pools with
 * their instances, the logs; each worker accepts, reads, routes and forwards, with places that it gets here.
 *
 *     listen:  sockets bound, one a worker and point → open: workers started, each passed its sockets → all accept
 *     serve:   table told to all → resolved when all go by it
 *     changed: what the catalog says now told to all (crew-catalog.ts) → resolved when all go by it
 *     a worker ends by itself: its places go back, another is started on its sockets, so that what waits there to be accepted is served
 *     drain:   all told → all quiet → instances ended by the caller → all told → all over
 */
import { monotonicMs } from '../base/clock.ts';
import { RuntimeError } from '../contract/errors.ts';
import { openSharedListeners, type SharedListeners } from '../engine/shared-listeners.ts';
import type { BoundPoint, ListenPoint } from '../gateway/gateway.ts';
import { placeText } from '../gateway/place-text.ts';
import type { LaunchSpec } from '../process/launch-spec.ts';
import type { AccessLog } from '../telemetry/access-log.ts';
import type { Log } from '../telemetry/log.ts';
import { CatalogAnswers } from './catalog-answers.ts';
import { CrewCatalog } from './crew-catalog.ts';
import type { Front, ServedTable } from './front.ts';
import { FunctionDesks } from './function-desks.ts';
import { HandedInstances } from './handed-instances.ts';
import type { OwnerMessage, WorkerSettings } from './messages.ts';
import { OwnWorker } from './own-worker.ts';
import { PlaceTable } from './place-table.ts';
import { SharedState } from './shared-state.ts';
import { WayMakers } from './way-makers.ts';
import { WorkerAnswers } from './worker-answers.ts';
import { WorkerSlot } from './worker-slot.ts';

const BACKLOG = 1024;
/** Longer than a worker needs to cut what is left. */
const FAREWELL_MS = 2_000;

export interface CrewOptions {
	readonly settings: WorkerSettings;
	/** How a worker is started. */
	readonly spec: LaunchSpec;
	readonly log: Log;
	readonly accessLog: Pick<AccessLog, 'writeLines'> | null;
}

interface CrewPoint {
	readonly secure: boolean;
	readonly listeners: SharedListeners;
}

export class WorkerCrew implements Front {
	readonly gateway = null;
	readonly requestNames: PlaceTable;
	readonly catalog: CrewCatalog;
	readonly #options: CrewOptions;
	readonly #state: SharedState;
	readonly #desks: FunctionDesks;
	readonly #slots: readonly WorkerSlot[];
	readonly #own: OwnWorker;
	readonly #points: CrewPoint[] = [];
	#generation = 0;

	/** Throws ERR_WORKERS_UNAVAILABLE where this system or engine has not what it takes. */
	constructor(options: CrewOptions) {
		const { settings, log } = options;
		this.#options = options;
		this.#state = makeState(settings.workers);
		this.requestNames = new PlaceTable(this.#state.marks);
		const workers = () => this.#running();
		const instances = new HandedInstances((instance) => {
			for (const worker of workers()) worker.send({ kind: 'ending', instance });
		});
		this.#desks = new FunctionDesks({ places: this.requestNames, instances, workers });
		const ways = new WayMakers(workers);
		const deployed = new CatalogAnswers(this.#desks);
		const parts = { desks: this.#desks, places: this.requestNames, instances, ways, catalog: deployed };
		const answers = new WorkerAnswers({ ...options, ...parts });
		this.#own = new OwnWorker({
			marks: this.#state.marks,
			answer: (own, message) => answers.onMessage(own, message),
			openSocket: (instance) => instances.openSocket(instance),
		});
		this.catalog = new CrewCatalog({
			desks: this.#desks,
			answers: deployed,
			own: this.#own,
			tell: (functionId) => this.#tell((generation) => ({ kind: 'changed', generation, functionId })),
		});
		this.#slots = Array.from(
			{ length: settings.workers },
			(_, index) =>
				new WorkerSlot({
					index,
					spec: options.spec,
					memory: this.#state.descriptor,
					log,
					begin: (slot) => this.#begin(slot),
					onMessage: (link, message) => answers.onMessage(link, message),
					onEnd: (link) => {
						for (const desk of this.#desks.all) desk.lost(link);
						ways.lost(link);
						deployed.lost(link);
						for (const place of [...link.places]) this.requestNames.release(place, 'abandoned');
						this.#state.wipe(index);
					},
				}),
		);
	}

	async listen({ at, secure }: ListenPoint): Promise<BoundPoint> {
		try {
			const listeners = await openSharedListeners(at, this.#slots.length, BACKLOG);
			this.#points.push({ secure, listeners });
			return { at: listeners.place, secure };
		} catch (error) {
			const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
			throw new RuntimeError('ERR_LISTEN_FAILED', `cannot listen on ${placeText(at)}: ${code}`, {
				cause: error,
			});
		}
	}

	async open(): Promise<void> {
		await Promise.all(this.#slots.map((slot) => slot.start()));
	}

	async serve(table: ServedTable): Promise<void> {
		const gone = this.#desks.exchange(table);
		const { table: told } = this.#desks;
		await this.#tell((generation) => ({ kind: 'serve', generation, table: told }));
		// Who has asked before it went by the new table waits for an instance, or has one.
		await Promise.all(gone.map((desk) => desk.settled()));
		this.#desks.sweep();
	}

	async drain(graceMs: number, giveUp: (leftMs: number) => Promise<void>): Promise<void> {
		const endMs = monotonicMs() + graceMs;
		for (const { listeners } of this.#points) listeners.close();
		await Promise.all(this.#slots.map((slot) => slot.drain(graceMs)));
		await giveUp(Math.max(0, endMs - monotonicMs()));
		await Promise.all(this.#slots.map((slot) => slot.end(FAREWELL_MS)));
		for (const desk of this.#desks.all) desk.close();
	}

	/** Resolves when all workers go by it. */
	async #tell(what: (generation: number) => OwnerMessage): Promise<void> {
		this.#generation += 1;
		const generation = this.#generation;
		const message = what(generation);
		await Promise.all(this.#slots.map((slot) => slot.reached(generation, () => slot.send(message))));
	}

	*#running() {
		for (const { link } of this.#slots) if (link !== null) yield link;
		if (this.catalog.settings !== null) yield this.#own;
	}

	/** What a worker is told first. */
	async #begin(slot: WorkerSlot): Promise<void> {
		const { index, link } = slot;
		if (link === null) return;
		for (const [point, { listeners }] of this.#points.entries()) {
			const descriptor = listeners.descriptors[index];
			if (descriptor !== undefined) await link.pass(point, descriptor);
		}
		const points = this.#points.map(({ secure }) => ({ secure }));
		const { settings } = this.#options;
		const { settings: catalog } = this.catalog;
		link.send({ kind: 'begin', index, settings, table: this.#desks.table, points, catalog });
		for (const desk of this.#desks.all) desk.joined(link);
	}
}

function makeState(workers: number): SharedState {
	try {
		return SharedState.make(workers);
	} catch (cause) {
		const found = `found ${workers} workers, and a system or engine that can not share sockets and memory`;
		throw new RuntimeError(
			'ERR_WORKERS_UNAVAILABLE',
			`Could not serve: ${found}; wanted Linux, or 1 worker`,
			{
				cause,
			},
		);
	}
}
