/**
 * How many instances are reserved at a moment. A tactic takes effect at each moment its cron expression names, and
 * holds until another one does, or its own time is over (documented).
 */
import { Cron } from 'croner';
import type { CronTactic, ReservedInstances } from '../contract/scaling-settings.ts';

/** The platform writes `cron(0 0 8 * * ?)`; the fields alone are understood too. */
const WRAPPED = /^\s*cron\((.*)\)\s*$/i;
const ZONE = /^CRON_TZ=(\S+)\s+/;
/** The last value of each field: seconds, minutes, hours, days, months, days of the week. */
const LAST = [59, 59, 23, 31, 12, 7];
/** Between two looks at the clock, which may be set meanwhile. */
const LOOK_MS_MAX = 60_000;

/** A mistake in words; null where the expression names moments. */
export function checkCron(text: string): string | null {
	try {
		// A zone that does not exist shows when it is used.
		if (parse(text).nextRun() === null) return `found ${JSON.stringify(text)}, which names no moment to come`;
		return null;
	} catch (error) {
		return (error as Error).message;
	}
}

/** The count that holds at a moment, in milliseconds since 1970. */
export function reservedAt(reserved: ReservedInstances, nowMs: number): number {
	let latestMs = Number.NEGATIVE_INFINITY;
	let count = reserved.count;
	for (const tactic of reserved.tactics) {
		if (nowMs < tactic.startMs || nowMs >= tactic.endMs) continue;
		const sinceMs = lastMoment(tactic, nowMs);
		if (sinceMs === null || sinceMs < latestMs) continue;
		count = sinceMs === latestMs ? Math.max(count, tactic.count) : tactic.count;
		latestMs = sinceMs;
	}
	return count;
}

/** Milliseconds until the count may be another one; null: never. */
export function untilChange(reserved: ReservedInstances, nowMs: number): number | null {
	let nearestMs = Number.POSITIVE_INFINITY;
	for (const tactic of reserved.tactics) {
		if (nowMs >= tactic.endMs) continue;
		const fromMs = Math.max(nowMs, tactic.startMs - 1);
		const nextMs = parse(tactic.cron).nextRun(new Date(fromMs))?.getTime() ?? Number.POSITIVE_INFINITY;
		nearestMs = Math.min(nearestMs, nextMs, tactic.endMs);
	}
	return Number.isFinite(nearestMs) ? Math.min(LOOK_MS_MAX, nearestMs - nowMs) : null;
}

/** When it last took effect; null where it has not yet. */
function lastMoment(tactic: CronTactic, nowMs: number): number | null {
	const [last] = parse(tactic.cron).previousRuns(1, new Date(nowMs + 1));
	if (last === undefined) return null;
	const momentMs = last.getTime();
	return momentMs >= tactic.startMs && momentMs <= nowMs ? momentMs : null;
}

function parse(text: string): Cron {
	const inner = WRAPPED.exec(text)?.[1] ?? text;
	const zone = ZONE.exec(inner)?.[1];
	const fields = inner.replace(ZONE, '').trim();
	const parts = fields.split(/\s+/);
	if (parts.length !== 6 && parts.length !== 7) {
		throw new Error(`found ${parts.length} fields in ${JSON.stringify(text)}, wanted 6 or 7: seconds first`);
	}
	// `0/5`, from the first on every fifth, is a range to the library.
	const pattern = parts
		.map((part, index) => part.replaceAll(/\b(\d+)\//g, `$1-${LAST[index] ?? 2099}/`))
		.join(' ');
	// No callback: nothing is scheduled, the expression is only asked for moments.
	return new Cron(pattern, { timezone: zone ?? 'UTC', paused: true });
}
