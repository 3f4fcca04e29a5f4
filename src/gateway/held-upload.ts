/** Hands a chunked request body that was held until it was whole to its exchange, as fast as the function takes it. */
import type { Exchange } from './exchange.ts';
import type { HeldBody } from './held-bytes.ts';

export class HeldUpload {
	readonly #held: HeldBody;
	readonly #exchange: Exchange;
	#waiting = false;
	#over = false;

	constructor(held: HeldBody, exchange: Exchange) {
		this.#held = held;
		this.#exchange = exchange;
	}

	start(): void {
		// The first slice goes before the start, so that it leaves with the head.
		const first = this.#held.shift();
		if (first !== null) this.#exchange.requestBody(first);
		this.#exchange.start();
		this.#pump();
	}

	hold(hold: boolean): void {
		this.#waiting = hold;
		if (!hold) this.#pump();
	}

	/** Gives up what has not been handed over. Twice is harmless. */
	release(): void {
		this.#over = true;
		this.#held.release();
	}

	#pump(): void {
		while (!this.#waiting && !this.#over) {
			const slice = this.#held.shift();
			if (slice !== null) {
				this.#exchange.requestBody(slice);
			} else {
				this.#over = true;
				this.#exchange.requestEnd();
			}
		}
	}
}
