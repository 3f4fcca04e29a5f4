/**
 * What the process that owns the instances and a worker say to each other. Functions, instances, places and questions have
 * numbers: those of questions are the worker's, all others the owner's.
 *
 *     worker                                owner
 *     ──────                                ─────
 *     want ──────────────────────────────▶  a place of the pool
 *                     ◀─────── grant, refuse
 *     … request after request on that place, and no message …
 *     release ───────────────────────────▶  back to the pool: it was not used for a while, or
 *                     ◀─────── share        somebody waits
 *     shared ────────────────────────────▶  all that lay idle has been given back
 */
import type { ErrorCode } from '../contract/errors.ts';
import type { FunctionSettings } from '../contract/function-settings.ts';
import type { ListenPoint } from '../gateway/gateway.ts';
import type { GatewayOptions } from '../gateway/gateway-context.ts';
import type { Route } from '../gateway/route.ts';
import type { LeaseEnd } from '../pool/instance-source.ts';
import type { AccessFormat } from '../telemetry/access-entry.ts';
import type { LogFields, LogLevel } from '../telemetry/log.ts';

/** How a request is written down. */
export interface LineForm {
	readonly format: AccessFormat;
	/** For a terminal. */
	readonly coloured: boolean;
}

/** What all workers are told of the host. */
export interface WorkerSettings
	extends Pick<GatewayOptions, 'limits' | 'trustedProxies' | 'proxyProtocol' | 'tls'> {
	/** Null: requests are not recorded. */
	readonly accessLog: LineForm | null;
	/** How many workers there are. */
	readonly workers: number;
}

/** Who answers which requests. */
export interface FunctionTable {
	readonly functions: readonly TableFunction[];
	/** Null: the only function answers all. */
	readonly routes: readonly TableRoute[] | null;
}

export interface TableFunction {
	readonly number: number;
	readonly settings: FunctionSettings;
}

export type TableRoute = Omit<Route<object>, 'target'> & { readonly function: number };

/** A RuntimeError on its way. */
export interface ErrorText {
	readonly code: ErrorCode;
	readonly message: string;
}

export type OwnerMessage =
	/** The first. The descriptors to listen on have been passed already, by the index of their points. */
	| {
			readonly kind: 'begin';
			/** From 0. */
			readonly index: number;
			readonly settings: WorkerSettings;
			readonly table: FunctionTable;
			readonly points: readonly Pick<ListenPoint, 'secure'>[];
	  }
	| { readonly kind: 'serve'; readonly generation: number; readonly table: FunctionTable }
	/** A place. Times are how long ago the instance was started, and has been ready. */
	| {
			readonly kind: 'grant';
			readonly ask: number;
			readonly place: number;
			readonly instance: number;
			readonly startedForMs: number;
			readonly readyForMs: number;
	  }
	| { readonly kind: 'refuse'; readonly ask: number; readonly error: ErrorText }
	/** Places are given back as soon as they are free, idle ones at once. Answered with `shared`. */
	| { readonly kind: 'share'; readonly function: number; readonly round: number }
	/** Places may be kept for the next request. */
	| { readonly kind: 'keep'; readonly function: number }
	/** Another worker waits for a connection to it to be served: idle ones may be in its way. */
	| { readonly kind: 'way'; readonly instance: number; readonly wanted: boolean }
	/** It is certain to end. */
	| { readonly kind: 'ending'; readonly instance: number }
	/** The connection asked for has been passed as a descriptor of this number. */
	| { readonly kind: 'connected'; readonly number: number }
	| { readonly kind: 'unconnected'; readonly number: number; readonly message: string }
	| { readonly kind: 'cause'; readonly number: number; readonly error: ErrorText }
	| { readonly kind: 'drain'; readonly graceMs: number }
	/** All instances have been ended. */
	| { readonly kind: 'ended' };

export type WorkerMessage =
	/** It accepts. */
	| { readonly kind: 'ready' }
	| { readonly kind: 'failed'; readonly error: ErrorText }
	| { readonly kind: 'want'; readonly function: number; readonly ask: number; readonly requestId: string }
	| { readonly kind: 'cancel'; readonly function: number; readonly ask: number }
	| { readonly kind: 'release'; readonly place: number; readonly how: LeaseEnd }
	| { readonly kind: 'shared'; readonly function: number; readonly round: number }
	| { readonly kind: 'connect'; readonly instance: number; readonly number: number }
	/** A connection to it waits for its first byte for longer than usual, or none does any more. */
	| { readonly kind: 'waits'; readonly instance: number; readonly waits: boolean }
	/** A connection was lost: why? */
	| { readonly kind: 'lost'; readonly instance: number; readonly number: number }
	/** Requests go by that table from now on. */
	| { readonly kind: 'serving'; readonly generation: number }
	/** Nothing is in flight any more, or the grace is over. */
	| { readonly kind: 'quiet' }
	/** `function`: null where it concerns none. */
	| {
			readonly kind: 'log';
			readonly function: number | null;
			readonly level: LogLevel;
			readonly message: string;
			readonly fields: LogFields;
	  }
	/** Whole lines. */
	| { readonly kind: 'access'; readonly lines: string };
