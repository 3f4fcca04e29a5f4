/** How much a peer may still send. What the receiver is done with is given back in large steps, not byte for byte. */
export class ReceiveWindow {
	readonly #stepBytes: number;
	#left: number;
	/** Done with, and not given back yet. */
	#owed = 0;

	/** `stepBytes`: as long as less is owed, the peer can wait for it. */
	constructor(bytesMax: number, stepBytes: number) {
		this.#stepBytes = stepBytes;
		this.#left = bytesMax;
	}

	/** False: the peer sent more than it may. */
	take(bytes: number): boolean {
		this.#left -= bytes;
		return this.#left >= 0;
	}

	/** Answers by how much the peer's window grows now: 0 where that can wait. */
	giveBack(bytes: number): number {
		this.#owed += bytes;
		if (this.#owed < this.#stepBytes) return 0;
		const grown = this.#owed;
		this.#owed = 0;
		this.#left += grown;
		return grown;
	}
}
