/** The whole table. Where two paths could match one call, the earlier counts: fixed words stand before parameters. */
import { EVENT_OPERATIONS } from './events/event-operations.ts';
import { INVOKE_OPERATIONS } from './invoke/invoke-operation.ts';
import { LOG_OPERATIONS } from './logs/log-operations.ts';
import type { Operation, RefusedOperation } from './operation.ts';
import { QUOTA_OPERATIONS } from './quotas/quota-operations.ts';
import { FOREIGN_OPERATIONS } from './refused/foreign-operations.ts';
import { RESERVED_OPERATIONS } from './reserved/reserved-operations.ts';
import { STATISTICS_OPERATIONS } from './statistics/statistics-operations.ts';
import { TAG_OPERATIONS } from './tags/tag-operations.ts';
import { TRIGGER_OPERATIONS } from './triggers/trigger-operations.ts';

export const ALL_OPERATIONS: readonly Operation[] = [
	...INVOKE_OPERATIONS,
	...TRIGGER_OPERATIONS,
	...TAG_OPERATIONS,
	...RESERVED_OPERATIONS,
	...EVENT_OPERATIONS,
	...STATISTICS_OPERATIONS,
	...QUOTA_OPERATIONS,
	...LOG_OPERATIONS,
];

export const REFUSED_OPERATIONS: readonly RefusedOperation[] = FOREIGN_OPERATIONS;
