/** How many processes take requests. */
import { availableParallelism } from 'node:os';
import * as z from 'zod/mini';
import { LIMITS } from '../contract/limits.ts';
import type { Field } from './field.ts';
import { number } from './field-makers.ts';

const AUTO = 'auto';

export const WORKER_FIELDS = {
	workers: number(
		'Gateway',
		'workers',
		'N',
		() => z.union([z.literal(AUTO), z.int().check(z.gte(1), z.lte(LIMITS.workersMax))]),
		1,
		{
			wanted: `a whole number from 1 to ${LIMITS.workersMax}, or ${AUTO}`,
			sentence: `Processes that take requests, for more processors than one; ${AUTO} is one for each. Every limit holds for all of them together.`,
			example: '4',
		},
	),
} as const satisfies Record<string, Field>;

/** From a judged value. */
export function workerCount(value: number | typeof AUTO): number {
	return value === AUTO ? Math.min(availableParallelism(), LIMITS.workersMax) : value;
}
