/** Everything one run of the gateway benchmark has found: what --json writes. */
import type { GatewayOptions } from './gateway-options.ts';
import type { Machine } from './machine.ts';
import type { BodyName, HeadersResult, LoadResult, RateResult, StartupResult } from './task.ts';

export interface Round extends LoadResult {
	/** Counts from 1; the peers of one round ran right after one another. */
	readonly round: number;
	readonly body: BodyName;
	readonly peer: string;
}

export interface RateRound extends RateResult {
	readonly round: number;
	readonly peer: string;
}

export interface Soak extends LoadResult {
	readonly peer: string;
	/** The median of the last quarter of the samples over that of the second quarter. */
	readonly growth: number;
}

export interface GatewayResult {
	readonly machine: Machine;
	readonly options: GatewayOptions;
	readonly flagship: string | null;
	readonly headers: Readonly<Record<string, HeadersResult>>;
	readonly rounds: readonly Round[];
	/** At the fixed rate; empty where clients do not speak plain HTTP/1.1. */
	readonly rates: readonly RateRound[];
	readonly startup: readonly StartupResult[];
	readonly soak: readonly Soak[];
	/** What makes the figures worthless; empty in an honest run. */
	readonly problems: readonly string[];
}
