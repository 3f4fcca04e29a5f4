import type { ReservedInstances } from '../contract/scaling-settings.ts';
import type { ReservedValue } from './scaling-fields.ts';

/** Both forms of `reserved` as one. */
export function reservedInstances(value: ReservedValue): ReservedInstances {
	if (typeof value === 'number') return { count: value, tactics: [] };
	const tactics = (value.tactics ?? []).map(({ name, cron, count, start, end }) => ({
		name,
		cron,
		count,
		startMs: Date.parse(start),
		endMs: Date.parse(end),
	}));
	return { count: value.count ?? 0, tactics };
}
