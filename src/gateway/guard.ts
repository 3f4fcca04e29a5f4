/** Who may call an API: decided before anything of the request goes to the function. */
import type { RuntimeError } from '../contract/errors.ts';

/** What a guard sees of a request. */
export interface GuardedRequest {
	readonly method: string;
	/** Path and query as sent. */
	readonly target: string;
	/** The authority as the client sent it, port and all. */
	readonly host: string;
	/** The header as the client sent it, credentials included: each line with CRLF. */
	readonly fieldLines: string;
	/** Of the client, behind trusted proxies. */
	readonly address: string;
	/** A UUID. */
	readonly requestId: string;
}

/** Who was let in. */
export interface Admitted {
	readonly kind: 'admitted';
	/** What throttling counts by: the app's id, the user's name; null: not known. */
	readonly app: string | null;
	readonly user: string | null;
	/** Header lines for the function, each with CRLF; mostly empty. */
	readonly lines: string;
	/** Judges the SHA-256 of the whole body, hexadecimal, before a byte of it goes to the function; null: the head was enough. */
	readonly judgeBody: ((sha256Hex: string) => RuntimeError | null) | null;
}

/** Whom nobody asked who it is. */
export const ANYBODY: Admitted = { kind: 'admitted', app: null, user: null, lines: '', judgeBody: null };

export type Verdict = Admitted | RuntimeError;

export interface Guard {
	/** At once, but for what has to be asked elsewhere. Never throws or rejects for what a caller sent. */
	judge(request: GuardedRequest): Verdict | Promise<Verdict>;
}
