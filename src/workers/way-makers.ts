/**
 * Idle connections give way, in all workers: a function that serves one connection at a time would otherwise never get from an idle one
 * of this worker to the new one of that.
 */
import type { DeskWorker } from './place-desk.ts';

export class WayMakers {
	readonly #workers: () => Iterable<DeskWorker>;
	/** By instance: workers whose connections to it wait. */
	readonly #waiting = new Map<number, Set<DeskWorker>>();

	/** `workers`: those that run. */
	constructor(workers: () => Iterable<DeskWorker>) {
		this.#workers = workers;
	}

	/** A worker's connections to the instance wait, or do not any more. */
	tell(worker: DeskWorker, instance: number, waits: boolean): void {
		const waiting = this.#waiting.get(instance) ?? new Set<DeskWorker>();
		if (waits) waiting.add(worker);
		else waiting.delete(worker);
		if (waiting.size > 0) this.#waiting.set(instance, waiting);
		else this.#waiting.delete(instance);
		for (const other of this.#workers()) {
			if (other === worker) continue;
			const wanted = waiting.size > (waiting.has(other) ? 1 : 0);
			other.send({ kind: 'way', instance, wanted });
		}
	}

	/** The worker is gone. */
	lost(worker: DeskWorker): void {
		for (const [instance, waiting] of [...this.#waiting])
			if (waiting.has(worker)) this.tell(worker, instance, false);
	}
}
