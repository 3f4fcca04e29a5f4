/** How many connections each network has open: one client must not take all the places there are. */
import { networkOf } from './throttle/network-of.ts';

export class ConnectionCounts {
	readonly #max: number;
	readonly #counts = new Map<string, number>();

	/** `max`: of one IPv4 address or one /64 of IPv6. */
	constructor(max: number) {
		this.#max = max;
	}

	/** False: its network has as many as it may have. Otherwise `leave` is called once for it. */
	enter(address: string): boolean {
		const network = networkOf(address);
		const count = this.#counts.get(network) ?? 0;
		if (count >= this.#max) return false;
		this.#counts.set(network, count + 1);
		return true;
	}

	leave(address: string): void {
		const network = networkOf(address);
		const count = this.#counts.get(network) ?? 0;
		if (count > 1) this.#counts.set(network, count - 1);
		else this.#counts.delete(network);
	}
}
