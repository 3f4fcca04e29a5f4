/**
 * What a trigger publishes: an API in the words of the platform's gateway. It says who may call, how often, and how long the function may
 * take.
 */
import type { RuntimeError } from '../contract/errors.ts';
import type { AddressRule } from './address-rule.ts';
import type { Cors } from './cors.ts';
import type { Admitted, Guard } from './guard.ts';

export interface Api {
	/** 32 hexadecimal digits. */
	readonly id: string;
	/** Whose error codes its callers get. */
	readonly family: 'APIG' | 'APIC';
	/** Milliseconds until the function's answer has to begin, a cold start included; null: as long as the function may take. */
	readonly backendTimeoutMs: number | null;
	/** Null: it may be called from anywhere. */
	readonly addresses: AddressRule | null;
	/** True: only by https, to us or to a trusted proxy in front. */
	readonly httpsOnly: boolean;
	/** Null: pages of other origins may do what browsers let them without being told. */
	readonly cors: Cors | null;
	/** Null: anybody may call it. */
	readonly guard: Guard | null;
	/** Null: as often as they like. */
	readonly throttle: CallThrottle | null;
}

/** Who calls, as far as it is known. */
export interface Caller extends Pick<Admitted, 'app' | 'user'> {
	readonly address: string;
}

export interface CallThrottle {
	/** Counts a call, if it may be made: at once, but where another process counts. Never rejects. */
	admit(caller: Caller): CallCount | Promise<CallCount>;
}

export interface CallCount {
	/** Null: it may be made. */
	readonly error: RuntimeError | null;
	/** Response lines, each with CRLF: when to come again. */
	readonly retryLines: string;
	/** Response lines that say what is left of each limit, for callers who ask for them. */
	debugLines(): string;
}

/** Of an API that asks nothing of its callers. */
export const NOTHING_ASKED: Omit<Api, 'id'> = {
	family: 'APIG',
	backendTimeoutMs: null,
	addresses: null,
	httpsOnly: false,
	cors: null,
	guard: null,
	throttle: null,
};

/** Whether calls are judged, counted or dressed. Most are not. */
export function asksSomething({ addresses, cors, family, guard, httpsOnly, throttle }: Api): boolean {
	if (guard !== null || throttle !== null || addresses !== null || cors !== null) return true;
	return httpsOnly || family !== 'APIG';
}

/** Of a call that nobody counts. */
export const NOT_COUNTED: CallCount = { error: null, retryLines: '', debugLines: () => '' };
