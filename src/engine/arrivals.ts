/**
 * Connections that are accepted by the kernel and not yet by us: their handshake, or what comes before it, is under way. Each has
 * a time for that; where there are too many, the one that has taken longest makes room, because an honest peer takes a few
 * round trips.
 */

const ARRIVAL_MS = 10_000;
const ARRIVALS_MAX = 1024;

export class Arrivals<Arriving> {
	readonly #giveUp: (arriving: Arriving) => void;
	readonly #underWay = new Map<Arriving, NodeJS.Timeout>();
	readonly #timeoutMs: number;
	readonly #max: number;

	/** `giveUp` ends what has not arrived in time. */
	constructor(giveUp: (arriving: Arriving) => void, timeoutMs = ARRIVAL_MS, max = ARRIVALS_MAX) {
		this.#giveUp = giveUp;
		this.#timeoutMs = timeoutMs;
		this.#max = max;
	}

	add(arriving: Arriving): void {
		const [oldest] = this.#underWay.size < this.#max ? [] : this.#underWay.keys();
		if (oldest !== undefined) this.#end(oldest);
		this.#underWay.set(
			arriving,
			setTimeout(() => this.#end(arriving), this.#timeoutMs),
		);
	}

	/** It has arrived, or is gone. False: that was known. */
	delete(arriving: Arriving): boolean {
		clearTimeout(this.#underWay.get(arriving));
		return this.#underWay.delete(arriving);
	}

	/** Ends all that are under way. */
	close(): void {
		for (const arriving of this.#underWay.keys()) this.#end(arriving);
	}

	#end(arriving: Arriving): void {
		this.delete(arriving);
		this.#giveUp(arriving);
	}
}
