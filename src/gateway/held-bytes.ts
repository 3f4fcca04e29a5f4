import { type BudgetShare, SharedBudget } from '../base/shared-budget.ts';
import type { UsageElsewhere } from '../base/usage-elsewhere.ts';
import { LIMITS } from '../contract/limits.ts';

/**
 * Bodies of unknown length are held until they are known to fit. This counts what all of them hold together, so that
 * many at once can not take the machine's memory, nor those of one function all that there is: what does not fit is refused.
 */
export class HeldBytes {
	readonly #budget: SharedBudget;

	/** `elsewhere`: what other processes of this host hold; absent: there is none. */
	constructor(bytesMax: number, elsewhere?: UsageElsewhere) {
		this.#budget = new SharedBudget(bytesMax, elsewhere);
	}

	get bytes(): number {
		return this.#budget.used;
	}

	/** What a request's body of unknown length is held in. */
	requestBody(owner: object): HeldBody {
		return this.body(LIMITS.requestBodyBytesMax, owner);
	}

	/** A body to hold, empty at first. `bodyBytesMax` is its own limit, `owner` the function that it goes to or comes from. */
	body(bodyBytesMax: number, owner: object): HeldBody {
		return new HeldBody(this.#budget.shareOf(owner), bodyBytesMax);
	}
}

/** Slices below this are gathered by copying: a body of one-byte chunks must not cost an object for every byte. */
const SMALL_BYTES = 4096;
const GATHER_BYTES = 64 * 1024;

/** Slices of one body, the large ones as they came. `release` gives its share of the budget back; twice is harmless. */
export class HeldBody {
	readonly #budget: BudgetShare;
	readonly #bytesMax: number;
	#slices: Buffer[] = [];
	#bytes = 0;
	#gathered: Buffer = EMPTY;
	#gatheredBytes = 0;

	constructor(budget: BudgetShare, bytesMax: number) {
		this.#budget = budget;
		this.#bytesMax = bytesMax;
	}

	get bytes(): number {
		return this.#bytes;
	}

	/** `too-large`: the body passes its own limit; `no-room`: all held bodies together pass the budget. */
	add(slice: Buffer): 'held' | 'too-large' | 'no-room' {
		if (this.#bytes + slice.length > this.#bytesMax) return 'too-large';
		if (!this.#budget.reserve(slice.length)) return 'no-room';
		this.#bytes += slice.length;
		if (slice.length < SMALL_BYTES) {
			this.#gather(slice);
		} else {
			this.#endGathering();
			this.#slices.push(slice);
		}
		return 'held';
	}

	/** Hands over the oldest slice with its share, or null at the end. Nothing may be added afterwards. */
	shift(): Buffer | null {
		this.#endGathering();
		const slice = this.#slices.shift() ?? null;
		if (slice === null) return null;
		this.#budget.free(slice.length);
		this.#bytes -= slice.length;
		return slice;
	}

	/** Hands over slice after slice until `take` answers false; true: all are handed over. */
	handTo(take: (slice: Buffer) => boolean): boolean {
		for (let slice = this.shift(); slice !== null; slice = this.shift()) {
			if (!take(slice)) return false;
		}
		return true;
	}

	release(): void {
		this.#budget.free(this.#bytes);
		this.#bytes = 0;
		this.#slices = [];
		this.#gathered = EMPTY;
		this.#gatheredBytes = 0;
	}

	#gather(slice: Buffer): void {
		if (this.#gatheredBytes + slice.length > this.#gathered.length) {
			this.#endGathering();
			this.#gathered = Buffer.allocUnsafeSlow(this.#slices.length === 0 ? SMALL_BYTES : GATHER_BYTES);
		}
		slice.copy(this.#gathered, this.#gatheredBytes);
		this.#gatheredBytes += slice.length;
	}

	#endGathering(): void {
		if (this.#gatheredBytes > 0) this.#slices.push(this.#gathered.subarray(0, this.#gatheredBytes));
		this.#gathered = EMPTY;
		this.#gatheredBytes = 0;
	}
}

const EMPTY = Buffer.alloc(0);
