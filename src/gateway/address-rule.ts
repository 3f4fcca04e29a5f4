import { parseBlock } from '../base/address-block.ts';
import { AddressSet } from '../base/address-set.ts';
import { RuntimeError } from '../contract/errors.ts';

/** From which addresses an API may be called. */
export class AddressRule {
	readonly #permits: boolean;
	readonly #addresses: AddressSet;

	/** `permits`: only these may; else all but these. `blocks`: texts that `parseBlock` reads. */
	constructor(permits: boolean, blocks: readonly string[]) {
		this.#permits = permits;
		this.#addresses = new AddressSet(blocks.map(parseBlock).filter((block) => block !== null));
	}

	/** Null: it may. `address`: of the client, behind trusted proxies. */
	judge(address: string): RuntimeError | null {
		if (this.#addresses.has(address) === this.#permits) return null;
		return new RuntimeError('ERR_ADDRESS_REFUSED', `${address} may not call this API`);
	}
}
