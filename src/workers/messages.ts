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
 *
 * Functions of the catalog have a number once somebody has asked for them:
 *
 *     open ──────────────────────────────▶  which function of the catalog
 *                     ◀────── opened, refuse
 *     began, ended ──────────────────────▶  its requests are counted, and told to its log
 *     judge, count ──────────────────────▶  what must be known of the calls of all workers
 *                     ◀────── judged, counted
 *                     ◀───────────── changed  the catalog says something else
 *     serving ───────────────────────────▶  so does the worker
 */
import type { ErrorCode } from '../contract/errors.ts';
import type { FunctionSettings } from '../contract/function-settings.ts';
import type { Caller } from '../gateway/api.ts';
import type { ListenPoint } from '../gateway/gateway.ts';
import type { GatewayOptions } from '../gateway/gateway-context.ts';
import type { GuardedRequest } from '../gateway/guard.ts';
import type { RequestOutcome } from '../gateway/request-observer.ts';
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

/** What all workers are told of the catalog, which they read themselves. */
export interface CatalogSettings {
	readonly stateFolder: string;
	readonly region: string;
	/** Whether the gateway has certificates. */
	readonly secure: boolean;
}

/** A version of a function of the catalog. */
export interface DeployedVersion {
	readonly functionId: number;
	readonly version: string;
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
			/** Null: there is none. */
			readonly catalog: CatalogSettings | null;
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
	/** The number of the function that was asked for. */
	| { readonly kind: 'opened'; readonly ask: number; readonly function: number }
	/** No function has that number any more. */
	| { readonly kind: 'gone'; readonly ask: number }
	/** What was found of the catalog, and all that was of the function, counts no more; 0: of no function. Answered with `serving`. */
	| { readonly kind: 'changed'; readonly generation: number; readonly functionId: number }
	/** Who may call: with these header lines for the function, or not. */
	| {
			readonly kind: 'judged';
			readonly ask: number;
			readonly lines: string;
			readonly error: ErrorText | null;
	  }
	| {
			readonly kind: 'counted';
			readonly ask: number;
			readonly error: ErrorText | null;
			readonly retryLines: string;
			readonly debugLines: string;
	  }
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
	| { readonly kind: 'open'; readonly ask: number; readonly of: DeployedVersion }
	/** What an authorizer of the API says. */
	| { readonly kind: 'judge'; readonly ask: number; readonly api: string; readonly request: GuardedRequest }
	/** A call of an API that is throttled. */
	| { readonly kind: 'count'; readonly ask: number; readonly api: string; readonly caller: Caller }
	/** A request to a function of the catalog. */
	| { readonly kind: 'began'; readonly of: DeployedVersion; readonly requestId: string }
	| ({ readonly kind: 'ended'; readonly requestId: string; readonly code: ErrorCode | null } & Omit<
			RequestOutcome,
			'error'
	  >)
	| { readonly kind: 'release'; readonly place: number; readonly how: LeaseEnd }
	| { readonly kind: 'shared'; readonly function: number; readonly round: number }
	| { readonly kind: 'connect'; readonly instance: number; readonly number: number }
	/** A connection to it waits for its first byte for longer than usual, or none does any more. */
	| { readonly kind: 'waits'; readonly instance: number; readonly waits: boolean }
	/** A connection was lost: why? */
	| { readonly kind: 'lost'; readonly instance: number; readonly number: number }
	/** Requests go by that table, or by what the catalog says since then, from now on. */
	| { readonly kind: 'serving'; readonly generation: number }
	/** Nothing is in flight any more, or the grace is over. */
	| { readonly kind: 'quiet' }
	/** `function`: null where it concerns none. */
	| {
			readonly kind: 'log';
			readonly function: number | DeployedVersion | null;
			readonly level: LogLevel;
			readonly message: string;
			readonly fields: LogFields;
	  }
	/** Whole lines. */
	| { readonly kind: 'access'; readonly lines: string };
