/**
 * What a trigger publishes: an API in the words of the platform's gateway. It says who may call, how often, from where, and how
 * long the function may take.
 */
import type { RuntimeError } from '../contract/errors.ts';
import type { Admitted, Guard } from './guard.ts';

export interface Api {
	/** 32 hexadecimal digits. */
	readonly id: string;
	/** Whose error codes its callers get. */
	readonly family: 'APIG' | 'APIC';
	/** Milliseconds until the function's answer has to begin, a cold start included; null: as long as the function may take. */
	readonly backendTimeoutMs: number | null;
	/** Null: anybody may call it. */
	readonly guard: Guard | null;
	/** Null: from anywhere. */
	readonly addresses: AddressRule | null;
	/** Null: as often as they like. */
	readonly throttle: CallThrottle | null;
	/** Null: what pages of other origins may do is the function's business. */
	readonly cors: CrossOrigin | null;
}

export interface AddressRule {
	/** Null: a client of this address may call. */
	refusal(address: string): RuntimeError | null;
}

/** Who calls, as far as it is known. */
export interface Caller extends Pick<Admitted, 'app' | 'user'> {
	readonly address: string;
}

export interface CallThrottle {
	/** Counts a call, if it may be made. */
	admit(caller: Caller): CallCount;
}

export interface CallCount {
	/** Null: it may be made. */
	readonly error: RuntimeError | null;
	/** Response lines, each with CRLF: when to come again. */
	readonly retryLines: string;
	/** Response lines that say what is left of each limit, for callers who ask for them. */
	readonly debugLines: string;
}

export interface CrossOrigin {
	/** The gateway's own answer to a preflight; null: the request is none. */
	preflight(method: string, fieldLines: string): { readonly status: number; readonly lines: string } | null;
	/** Lines to add to any other answer, each with CRLF. */
	answerLines(fieldLines: string): string;
	/** True for a field, by its lower-case name, that the function sets in vain. */
	owns(lowerName: string): boolean;
}
