/** Counts of calls that outlive changes of the catalog, as long as the limits stay what they were. */
import { monotonicMs } from '../base/clock.ts';
import { SweepMark } from '../base/sweep-mark.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { ThrottleRecord, ThrottleUnit } from '../catalog/throttle-records.ts';
import { Throttle, type ThrottleRule } from '../gateway/throttle/throttle.ts';

const UNIT_SECONDS: Readonly<Record<ThrottleUnit, number>> = {
	SECOND: 1,
	MINUTE: 60,
	HOUR: 3600,
	DAY: 86_400,
};
/** Below so many it is not worth while to look for those that nobody needs. */
const SWEEP_MIN = 100;

interface Kept {
	readonly throttle: Throttle;
	/** Of its rule: another text is another throttle. */
	readonly text: string;
	readonly id: string;
	/** Null: of all the APIs that it is bound to. */
	readonly apiId: string | null;
}

export class KeptThrottles {
	readonly #store: Catalog['throttles'];
	readonly #kept = new Map<string, Kept>();
	readonly #mark = new SweepMark(SWEEP_MIN);

	constructor(store: Catalog['throttles']) {
		this.#store = store;
	}

	/** Null: the API may be called as often as one likes. */
	of(apiId: string): Throttle | null {
		const record = this.#store.ofApi(apiId);
		if (record === null) return null;
		const { id, shared } = record;
		const key = shared ? id : `${id} ${apiId}`;
		const rule = this.#ruleOf(record);
		const text = JSON.stringify({ ...rule, specials: [...rule.specials] });
		const kept = this.#kept.get(key);
		if (kept?.text === text) return kept.throttle;
		if (this.#mark.isReached(this.#kept.size)) this.#sweep();
		const throttle = new Throttle(rule, monotonicMs);
		this.#kept.set(key, { throttle, text, id, apiId: shared ? null : apiId });
		return throttle;
	}

	#ruleOf(record: ThrottleRecord): ThrottleRule {
		const { id, interval, unit, apiLimit, userLimit, appLimit, addressLimit } = record;
		const specials = new Map(this.#store.specials(id).map(({ appId, limit }) => [appId, limit]));
		return {
			intervalSeconds: interval * UNIT_SECONDS[unit],
			apiLimit,
			userLimit,
			appLimit,
			addressLimit,
			specials,
		};
	}

	/** Drops what belongs to throttles and bindings that are gone. */
	#sweep(): void {
		for (const [key, { id, apiId }] of this.#kept) {
			const now = apiId === null ? this.#store.find(id) : this.#store.ofApi(apiId);
			if (now === null || now.id !== id || now.shared !== (apiId === null)) this.#kept.delete(key);
		}
		this.#mark.swept(this.#kept.size);
	}
}
