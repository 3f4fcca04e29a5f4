/**
 * Where workers ask for places of one function, and give them back. It asks the pool as the gateway of one process would; what it
 * adds is that workers keep places they may need again:
 *
 *                                   ┌───────a place is wanted, and the pool has none free──────┐
 *                                   ▼                                                          │
 *     keeping ──the same──▶ recalling ──whoever has places has given back what lies idle──▶ sharing
 *        ▲                                                                                     │
 *        └──────────────────────────nobody has waited for a while──────────────────────────────┘
 *
 * So a request waits in the pool, and an instance is started for it, only when no worker has an idle place, or one that was left before the
 * request came; and while any request waits, every free place goes through the pool, which serves those who wait in their order.
 */
import type { RuntimeError } from '../contract/errors.ts';
import { startFailure } from '../gateway/exchange-errors.ts';
import type { InstancePool } from '../pool/instance-pool.ts';
import type { Waiter } from '../pool/place-queue.ts';
import type { PoolMember } from '../pool/pool-member.ts';
import { agesOf, type HandedInstances } from './handed-instances.ts';
import type { OwnerMessage } from './messages.ts';
import type { PlaceHolder, PlaceTable, Reservation } from './place-table.ts';

/** A worker that does not answer so soon is busy with something long, or stopped: nobody waits for what it may have. */
const RECALL_MS_MAX = 1_000;
/** Nobody has waited for so long: places may be kept again. */
const CALM_MS = 50;

/** A worker as the desk sees it. */
export interface DeskWorker extends PlaceHolder {
	send(message: OwnerMessage): void;
}

export interface DeskOptions {
	/** What workers call the function. */
	readonly number: number;
	readonly pool: Pick<InstancePool, 'take' | 'wait'>;
	readonly places: PlaceTable;
	readonly instances: HandedInstances;
	/** Those that run. */
	readonly workers: () => Iterable<DeskWorker>;
}

interface Ask {
	readonly worker: DeskWorker;
	readonly number: number;
}

interface Waiting {
	readonly ask: Ask;
	readonly place: Reservation;
	readonly wait: Waiter;
}

export class PlaceDesk {
	readonly #options: DeskOptions;
	#mode: 'keeping' | 'recalling' | 'sharing' = 'keeping';
	/** Of recalls: an answer to an earlier one is no answer. */
	#round = 0;
	/** Workers that have not answered. */
	readonly #recalled = new Set<DeskWorker>();
	/** Places that workers have. */
	#handed = 0;
	/** In their order, until all have answered. */
	#asks: Ask[] = [];
	readonly #waiting = new Set<Waiting>();
	/** Somebody has waited since the last look. */
	#contended = false;
	#timer: NodeJS.Timeout | undefined;
	#onSettled: (() => void)[] = [];

	constructor(options: DeskOptions) {
		this.#options = options;
	}

	/** Nothing of it is with a worker, and no worker waits. */
	get idle(): boolean {
		return this.#handed === 0 && this.#asks.length === 0 && this.#waiting.size === 0;
	}

	want(worker: DeskWorker, number: number): void {
		const ask = { worker, number };
		if (this.#mode !== 'recalling' && this.#give(ask)) return;
		this.#asks.push(ask);
		if (this.#mode !== 'recalling') this.#recall();
	}

	/** Nothing happens where it has been answered: the worker gives back what it does not want. */
	cancel(worker: DeskWorker, number: number): void {
		const isMeant = (ask: Ask) => ask.worker === worker && ask.number === number;
		this.#asks = this.#asks.filter((ask) => !isMeant(ask));
		for (const waiting of this.#waiting) if (isMeant(waiting.ask)) this.#giveUp(waiting);
	}

	/** The worker has given back what lay idle. */
	shared(worker: DeskWorker, round: number): void {
		if (round !== this.#round || !this.#recalled.delete(worker)) return;
		if (this.#recalled.size === 0) this.#onRecalled();
	}

	/** A worker that has just begun, and keeps places if nobody tells it otherwise. */
	joined(worker: DeskWorker): void {
		if (this.#mode === 'keeping') return;
		worker.send({ kind: 'share', function: this.#options.number, round: this.#round });
	}

	/** The worker is gone; whoever has its places gives them back. */
	lost(worker: DeskWorker): void {
		this.#asks = this.#asks.filter((ask) => ask.worker !== worker);
		for (const waiting of this.#waiting) if (waiting.ask.worker === worker) this.#giveUp(waiting);
		this.shared(worker, this.#round);
	}

	/** Resolves when every request that has asked so far is with the pool. */
	settled(): Promise<void> {
		if (this.#mode !== 'recalling') return Promise.resolve();
		return new Promise((resolve) => this.#onSettled.push(resolve));
	}

	close(): void {
		clearTimeout(this.#timer);
	}

	/** A place that the pool has free. */
	#give(ask: Ask): boolean {
		const { pool, places } = this.#options;
		const place = places.reserve();
		const member = pool.take(place.name);
		if (member === null) places.unreserve(place);
		else this.#hand(ask, place, member);
		return member !== null;
	}

	#wait(ask: Ask): void {
		const place = this.#options.places.reserve();
		const wait = this.#options.pool.wait(place.name);
		const waiting = { ask, place, wait };
		this.#waiting.add(waiting);
		this.#contended = true;
		wait.place.then(
			(member) => {
				// Given up meanwhile: it has gone back to the pool.
				if (this.#waiting.delete(waiting)) this.#hand(ask, place, member);
			},
			(error: unknown) => {
				if (!this.#waiting.delete(waiting)) return;
				this.#options.places.unreserve(place);
				ask.worker.send({ kind: 'refuse', ask: ask.number, error: errorTextOf(error) });
			},
		);
	}

	#hand({ worker, number }: Ask, place: Reservation, member: PoolMember): void {
		const { places, instances } = this.#options;
		const instance = instances.enter(member);
		this.#handed += 1;
		places.hand(place, member, worker, () => {
			this.#handed -= 1;
			instances.leave(instance);
		});
		const told = { ask: number, place: place.number, instance: instance.number, ...agesOf(member) };
		worker.send({ kind: 'grant', ...told });
	}

	#giveUp(waiting: Waiting): void {
		this.#waiting.delete(waiting);
		waiting.wait.cancel();
		this.#options.places.unreserve(waiting.place);
	}

	#recall(): void {
		const { number, workers } = this.#options;
		const known = this.#mode === 'sharing';
		this.#mode = 'recalling';
		this.#round += 1;
		clearTimeout(this.#timer);
		for (const worker of workers()) {
			const has = worker.places.size > 0;
			if (has) this.#recalled.add(worker);
			if (has || !known) worker.send({ kind: 'share', function: number, round: this.#round });
		}
		if (this.#recalled.size === 0) this.#onRecalled();
		else this.#timer = setTimeout(() => this.#onRecalled(), RECALL_MS_MAX);
	}

	#onRecalled(): void {
		clearTimeout(this.#timer);
		this.#recalled.clear();
		this.#mode = 'sharing';
		this.#watchCalm();
		for (const ask of this.#asks.splice(0)) if (!this.#give(ask)) this.#wait(ask);
		for (const settled of this.#onSettled.splice(0)) settled();
	}

	#watchCalm(): void {
		this.#timer = setTimeout(() => {
			const contended = this.#contended || this.#waiting.size > 0;
			this.#contended = false;
			if (contended) this.#watchCalm();
			else this.#keepAgain();
		}, CALM_MS);
		this.#timer.unref();
	}

	#keepAgain(): void {
		const { number, workers } = this.#options;
		this.#mode = 'keeping';
		for (const worker of workers()) worker.send({ kind: 'keep', function: number });
	}
}

function errorTextOf(error: unknown): { readonly code: RuntimeError['code']; readonly message: string } {
	const { code, message } = startFailure(error);
	return { code, message };
}
