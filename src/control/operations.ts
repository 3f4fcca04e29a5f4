/** The whole table. Where two paths could match one call, the earlier counts: fixed words stand before parameters. */
import { INVOKE_OPERATIONS } from './invoke/invoke-operation.ts';
import type { Operation } from './operation.ts';

export const ALL_OPERATIONS: readonly Operation[] = [...INVOKE_OPERATIONS];
