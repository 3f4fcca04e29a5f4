/** How many instances a function has, and how many requests each takes (documented: strategy_config, reserved instances). */
export interface ScalingSettings {
	/** `concurrency`: most instances at once; 0 disables the function, -1 is no limit. */
	readonly instancesMax: number;
	/** `concurrent_num`: requests one instance works on at once, 1 to 1,000. */
	readonly requestsPerInstanceMax: number;
	/** Seconds after its last request in which an instance is kept. */
	readonly idleSeconds: number;
	/** What an idle instance does meanwhile: `run`, or `freeze`, which takes the processor from it. */
	readonly idle: 'run' | 'freeze';
	/** Requests that may wait for an instance, and for how long; beyond either: 429. */
	readonly queueMax: number;
	readonly queueSeconds: number;
	readonly reserved: ReservedInstances;
}

/** Instances that are started ahead and kept. */
export interface ReservedInstances {
	readonly count: number;
	/** While a tactic holds, its count replaces the one above; of several the highest counts. */
	readonly tactics: readonly CronTactic[];
}

/** From each moment that `cron` names until the next one of any tactic, between the two times, `count` instances are reserved. */
export interface CronTactic {
	readonly name: string;
	/** Six or seven fields, seconds first, in UTC unless it begins with `CRON_TZ=…` (documented form: `cron(0 0 8 * * ?)` without the word). */
	readonly cron: string;
	readonly count: number;
	/** Milliseconds since 1970. */
	readonly startMs: number;
	readonly endMs: number;
}
