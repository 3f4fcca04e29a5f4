/** Pools that get no request any more: what they have may finish within the grace, then their instances end. */
import { LIMITS } from '../contract/limits.ts';
import type { InstancePool } from '../pool/instance-pool.ts';

export class Retirement {
	readonly #retiring = new Set<InstancePool>();

	retire(pool: InstancePool): void {
		this.#retiring.add(pool);
		void pool.retire(LIMITS.drainGraceMs).finally(() => this.#retiring.delete(pool));
	}

	/** Ends all of them within the grace. */
	async stop(graceMs: number): Promise<void> {
		await Promise.all([...this.#retiring].map((pool) => pool.retire(graceMs)));
	}
}
