/**
 * A crew's side of the catalog:
 *
 *     changed ──▶ all workers told ──▶ all go by it ──▶ whoever asked before has a place, or waits in its pool ──▶ resolved
 *
 * Only then the pools of what is gone take no request any more, so that none is lost.
 */
import type { InstanceSource } from '../pool/instance-source.ts';
import type { CatalogAnswers } from './catalog-answers.ts';
import type { CatalogCrew, CatalogOwner, FrontFunction } from './front.ts';
import type { FunctionDesks } from './function-desks.ts';
import type { CatalogSettings } from './messages.ts';
import type { OwnWorker } from './own-worker.ts';

export interface CrewCatalogOptions {
	readonly desks: FunctionDesks;
	readonly answers: CatalogAnswers;
	readonly own: OwnWorker;
	/** Tells all workers of a change. Resolves when they go by it. */
	readonly tell: (functionId: number) => Promise<void>;
}

export class CrewCatalog implements CatalogCrew {
	/** What workers are told when they begin; null: there is no catalog. */
	settings: CatalogSettings | null = null;
	readonly #options: CrewCatalogOptions;
	readonly #telling = new Set<Promise<void>>();

	constructor(options: CrewCatalogOptions) {
		this.#options = options;
	}

	serveCatalog(settings: CatalogSettings, owner: CatalogOwner): void {
		this.settings = settings;
		this.#options.answers.owner = owner;
	}

	sourceOf(served: FrontFunction): InstanceSource {
		const { desks, own } = this.#options;
		return own.source(desks.open(served));
	}

	async changed(functionId: number, gone: readonly FrontFunction[]): Promise<void> {
		const { desks } = this.#options;
		for (const served of gone) this.#options.own.leave(desks.open(served));
		const left = desks.leave(gone);
		const telling = this.#options.tell(functionId);
		this.#telling.add(telling);
		await telling;
		this.#telling.delete(telling);
		await Promise.all(left.map((desk) => desk.settled()));
		desks.sweep();
	}

	letGo(served: FrontFunction): boolean {
		const { desks, own } = this.#options;
		const number = desks.open(served);
		if (desks.get(number)?.idle === false) return false;
		own.leave(number);
		desks.leave([served]);
		desks.sweep();
		return true;
	}

	async settled(): Promise<void> {
		await Promise.all(this.#telling);
	}
}
