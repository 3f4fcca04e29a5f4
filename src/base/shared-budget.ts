/**
 * A bound that several owners share, so that none of them can shut the others out. As long as there was but one owner it has all of it. Once there
 * were more, each may take as much as GREED times what is free (the dynamic threshold of Choudhury and Hahne, 1998): a greedy one alone
 * gets GREED of GREED + 1 parts, several greedy ones equal parts, and who comes late always finds something free. Nothing is taken
 * back from who has it.
 */
import { NOBODY_ELSE, type UsageElsewhere } from './usage-elsewhere.ts';

const GREED = 4;

export class SharedBudget {
	readonly #max: number;
	readonly #elsewhere: UsageElsewhere;
	readonly #shares = new WeakMap<object, BudgetShare>();
	#owners = 0;
	#used = 0;

	/** Where several processes share it, an owner is taken to use as much in each as in this one. */
	constructor(max: number, elsewhere: UsageElsewhere = NOBODY_ELSE) {
		this.#max = max;
		this.#elsewhere = elsewhere;
	}

	get used(): number {
		return this.#used;
	}

	/** The share of an owner, made when it is asked for first. */
	shareOf(owner: object): BudgetShare {
		const known = this.#shares.get(owner);
		if (known !== undefined) return known;
		const share = new BudgetShare((amount, taken) => this.#reserve(amount, taken));
		this.#shares.set(owner, share);
		this.#owners++;
		return share;
	}

	/** `taken`: what the share has already. A negative amount is given back. */
	#reserve(amount: number, taken: number): boolean {
		const { processes } = this.#elsewhere;
		const free = this.#max - this.#used - this.#elsewhere.used() - amount;
		const greedy = this.#owners > 1 && (taken + amount) * processes > GREED * free;
		if (amount > 0 && (free < 0 || greedy)) return false;
		this.#used += amount;
		this.#elsewhere.tell(this.#used);
		return true;
	}
}

export class BudgetShare {
	readonly #ask: (amount: number, taken: number) => boolean;
	#taken = 0;

	constructor(ask: (amount: number, taken: number) => boolean) {
		this.#ask = ask;
	}

	/** False: there is no room for it. */
	reserve(amount: number): boolean {
		if (!this.#ask(amount, this.#taken)) return false;
		this.#taken += amount;
		return true;
	}

	free(amount: number): void {
		this.#ask(-amount, this.#taken);
		this.#taken -= amount;
	}
}
