/** How often APIs may be called. */
import type { Policy } from './policy-records.ts';

export type ThrottleUnit = 'SECOND' | 'MINUTE' | 'HOUR' | 'DAY';

export interface ThrottleLimits {
	/** True: its APIs are counted together; false: each by itself. */
	readonly shared: boolean;
	/** In units of `unit`. */
	readonly interval: number;
	readonly unit: ThrottleUnit;
	/** Calls of an interval. */
	readonly apiLimit: number;
	/** Null: no limit, as in those below. */
	readonly userLimit: number | null;
	readonly appLimit: number | null;
	readonly addressLimit: number | null;
}

export type ThrottleRecord = Policy<ThrottleLimits>;

/** An app with a limit of its own. */
export interface ThrottleSpecialRecord {
	/** 32 hexadecimal digits. */
	readonly id: string;
	readonly throttleId: string;
	readonly appId: string;
	readonly limit: number;
	readonly createdMs: number;
}
