/** How many connections each network has open: one client must not take all the places there are. */
import { networkOf } from './throttle/network-of.ts';

/** What other processes of this host have open, by network. */
export interface CountsElsewhere {
	used(network: string): number;
	/** Tells them that this one has so many more, or less. */
	add(network: string, change: 1 | -1): void;
}

export class ConnectionCounts {
	readonly #max: number;
	readonly #elsewhere: CountsElsewhere | null;
	readonly #counts = new Map<string, number>();

	/** `max`: of one IPv4 address or one /64 of IPv6. `elsewhere`: null where there is no other process. */
	constructor(max: number, elsewhere: CountsElsewhere | null = null) {
		this.#max = max;
		this.#elsewhere = elsewhere;
	}

	/** False: its network has as many as it may have. Otherwise `leave` is called once for it. */
	enter(address: string): boolean {
		const network = networkOf(address);
		const count = this.#counts.get(network) ?? 0;
		if (count + (this.#elsewhere?.used(network) ?? 0) >= this.#max) return false;
		this.#elsewhere?.add(network, 1);
		this.#counts.set(network, count + 1);
		return true;
	}

	leave(address: string): void {
		const network = networkOf(address);
		const count = this.#counts.get(network) ?? 0;
		this.#elsewhere?.add(network, -1);
		if (count > 1) this.#counts.set(network, count - 1);
		else this.#counts.delete(network);
	}
}
