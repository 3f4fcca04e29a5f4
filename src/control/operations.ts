/** The whole table. Where two paths could match one call, the earlier counts: fixed words stand before parameters. */
import { INVOKE_OPERATIONS } from './invoke/invoke-operation.ts';
import type { Operation, RefusedOperation } from './operation.ts';
import { FOREIGN_OPERATIONS } from './refused/foreign-operations.ts';

export const ALL_OPERATIONS: readonly Operation[] = [...INVOKE_OPERATIONS];

export const REFUSED_OPERATIONS: readonly RefusedOperation[] = FOREIGN_OPERATIONS;
