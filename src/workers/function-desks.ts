/** The functions that workers serve: their numbers and desks, and which of them the newest table names. */
import type { Log } from '../telemetry/log.ts';
import type { FrontFunction, ServedTable } from './front.ts';
import type { HandedInstances } from './handed-instances.ts';
import type { FunctionTable } from './messages.ts';
import { type DeskWorker, PlaceDesk } from './place-desk.ts';
import type { PlaceTable } from './place-table.ts';

interface Desk {
	readonly number: number;
	readonly served: FrontFunction;
	readonly desk: PlaceDesk;
}

export interface DesksOptions {
	readonly places: PlaceTable;
	readonly instances: HandedInstances;
	/** Those that run. */
	readonly workers: () => Iterable<DeskWorker>;
}

export class FunctionDesks {
	/** What workers are told. */
	table: FunctionTable = { functions: [], routes: [] };
	readonly #options: DesksOptions;
	readonly #byNumber = new Map<number, Desk>();
	/** Those that requests come to. */
	readonly #byFunction = new Map<FrontFunction, Desk>();
	#tabled: readonly FrontFunction[] = [];
	#count = 0;

	constructor(options: DesksOptions) {
		this.#options = options;
	}

	/** Those of the table, and former ones that requests may still be under way to. */
	get all(): readonly PlaceDesk[] {
		return [...this.#byNumber.values()].map(({ desk }) => desk);
	}

	get(number: number): PlaceDesk | undefined {
		return this.#byNumber.get(number)?.desk;
	}

	logOf(number: number): Log | undefined {
		return this.#byNumber.get(number)?.served.target.log;
	}

	/** Another table. Answers the desks that no route leads to any more. */
	exchange({ functions, routes }: ServedTable): readonly PlaceDesk[] {
		const desks = functions.map((served) => this.#byFunction.get(served) ?? this.#add(served));
		this.table = {
			functions: desks.map(({ number, served }) => ({ number, settings: served.target.settings })),
			routes: routes?.map(({ target, ...route }) => ({ ...route, function: this.#numberOf(target) })) ?? null,
		};
		const gone = this.#tabled.filter((served) => !functions.includes(served));
		this.#tabled = functions;
		return this.leave(gone);
	}

	/** The number of one that no table names. */
	open(served: FrontFunction): number {
		return (this.#byFunction.get(served) ?? this.#add(served)).number;
	}

	/** Answers the desks of those that no request comes to any more. */
	leave(gone: readonly FrontFunction[]): readonly PlaceDesk[] {
		const desks = gone.flatMap((served) => this.#byFunction.get(served) ?? []);
		for (const served of gone) this.#byFunction.delete(served);
		return desks.map(({ desk }) => desk);
	}

	/** Lets go of former functions that nobody has anything of. */
	sweep(): void {
		for (const { number, served, desk } of [...this.#byNumber.values()]) {
			if (this.#byFunction.has(served) || !desk.idle) continue;
			desk.close();
			this.#byNumber.delete(number);
		}
	}

	#add(served: FrontFunction): Desk {
		this.#count += 1;
		const number = this.#count;
		const desk = new PlaceDesk({ ...this.#options, number, pool: served.pool });
		const added = { number, served, desk };
		this.#byNumber.set(number, added);
		this.#byFunction.set(served, added);
		return added;
	}

	#numberOf(served: FrontFunction): number {
		const desk = this.#byFunction.get(served);
		if (desk === undefined) throw new Error('a route leads to a function of the table');
		return desk.number;
	}
}
