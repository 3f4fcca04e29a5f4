/** How often an API may be called: in all, by one user, one app, from one address. */
import { RuntimeError } from '../../contract/errors.ts';
import type { CallCount, Caller, CallThrottle } from '../api.ts';
import { CallerCounts } from './caller-counts.ts';
import { networkOf } from './network-of.ts';

/** Limits are calls of an interval; null: as often as they like. */
export interface ThrottleRule {
	readonly intervalSeconds: number;
	readonly apiLimit: number;
	readonly userLimit: number | null;
	readonly appLimit: number | null;
	readonly addressLimit: number | null;
	/** Limits of single apps by id, instead of `appLimit`. */
	readonly specials: ReadonlyMap<string, number>;
}

/** One limit as it is for one caller. */
interface Gauge {
	readonly name: 'api' | 'user' | 'app' | 'ip';
	readonly limit: number;
	readonly counts: CallerCounts;
	readonly key: string;
}

/**
 * Windows are fixed, begin with the first call after the last one, and are the same for all callers: one clock to keep, all counts
 * dropped at once, and a Retry-After that holds for everybody. A sliding window would need the time of each call.
 */
export class Throttle implements CallThrottle {
	readonly #rule: ThrottleRule;
	readonly #monotonicMs: () => number;
	readonly #api = new CallerCounts();
	readonly #users = new CallerCounts();
	readonly #apps = new CallerCounts();
	readonly #specials = new CallerCounts();
	readonly #addresses = new CallerCounts();
	#endMs = Number.NEGATIVE_INFINITY;

	constructor(rule: ThrottleRule, monotonicMs: () => number) {
		this.#rule = rule;
		this.#monotonicMs = monotonicMs;
	}

	/** A call that is refused counts for nothing. The error is ERR_THROTTLED. */
	admit(caller: Caller): CallCount {
		const nowMs = this.#monotonicMs();
		if (nowMs >= this.#endMs) this.#begin(nowMs);
		const gauges = this.#gaugesOf(caller);
		const full = gauges.find(({ counts, key, limit }) => counts.of(key) >= limit);
		if (full === undefined) for (const { counts, key } of gauges) counts.add(key);
		const debugLines = () => gauges.map((gauge) => this.#lineOf(gauge)).join('');
		if (full === undefined) return { error: null, retryLines: '', debugLines };
		const seconds = Math.max(1, Math.ceil((this.#endMs - nowMs) / 1000));
		return { error: this.#errorOf(full, seconds), retryLines: `Retry-After: ${seconds}\r\n`, debugLines };
	}

	#begin(nowMs: number): void {
		this.#endMs = nowMs + this.#rule.intervalSeconds * 1000;
		for (const counts of [this.#api, this.#users, this.#apps, this.#specials, this.#addresses])
			counts.clear();
	}

	#gaugesOf({ user, app, address }: Caller): readonly Gauge[] {
		const { apiLimit, userLimit, appLimit, addressLimit, specials } = this.#rule;
		const gauges: Gauge[] = [{ name: 'api', limit: apiLimit, counts: this.#api, key: '' }];
		if (user !== null && userLimit !== null) {
			gauges.push({ name: 'user', limit: userLimit, counts: this.#users, key: user });
		}
		const special = app === null ? undefined : specials.get(app);
		if (app !== null && special !== undefined) {
			gauges.push({ name: 'app', limit: special, counts: this.#specials, key: app });
		} else if (app !== null && appLimit !== null) {
			gauges.push({ name: 'app', limit: appLimit, counts: this.#apps, key: app });
		}
		if (addressLimit !== null) {
			gauges.push({ name: 'ip', limit: addressLimit, counts: this.#addresses, key: networkOf(address) });
		}
		return gauges;
	}

	#lineOf({ name, limit, counts, key }: Gauge): string {
		const remain = Math.max(0, limit - counts.of(key));
		const time = `${this.#rule.intervalSeconds} second`;
		return `X-Apig-RateLimit-${name}: remain:${remain},limit:${limit},time:${time}\r\n`;
	}

	#errorOf({ name, limit }: Gauge, seconds: number): RuntimeError {
		const calls = `${limit} calls in ${this.#rule.intervalSeconds} s`;
		const message = `The throttling threshold has been reached: policy ${name}, ${calls}; come again in ${seconds} s`;
		return new RuntimeError('ERR_THROTTLED', message);
	}
}
