/** Hands a chunked request body that was held until it was whole to whoever takes it, as fast as the function takes it. */
import type { RequestTaker } from './exchange-client.ts';
import type { HeldBody } from './held-bytes.ts';

export class HeldUpload {
	readonly #held: HeldBody;
	readonly #taker: RequestTaker;
	#waiting = false;
	#over = false;

	constructor(held: HeldBody, taker: RequestTaker) {
		this.#held = held;
		this.#taker = taker;
	}

	start(): void {
		// The first slice goes before the start, so that it leaves with the head.
		const first = this.#held.shift();
		if (first !== null) this.#taker.requestBody(first);
		this.#taker.start();
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
				this.#taker.requestBody(slice);
			} else {
				this.#over = true;
				this.#taker.requestEnd();
			}
		}
	}
}
