/** The whole table. Where two paths could match one call, the earlier counts: fixed words stand before parameters. */
import { ALIAS_OPERATIONS } from './aliases/alias-operations.ts';
import { API_OPERATIONS } from './apps/api-operations.ts';
import { APP_CODE_OPERATIONS } from './apps/app-code-operations.ts';
import { APP_GRANT_OPERATIONS } from './apps/app-grant-operations.ts';
import { APP_OPERATIONS } from './apps/app-operations.ts';
import { AUTHORIZER_OPERATIONS } from './apps/authorizer-operations.ts';
import { EVENT_OPERATIONS } from './events/event-operations.ts';
import { CODE_OPERATIONS } from './functions/code-operations.ts';
import { FUNCTION_OPERATIONS } from './functions/function-operations.ts';
import { TRANSFER_OPERATIONS } from './functions/transfer-operations.ts';
import { INVOKE_OPERATIONS } from './invoke/invoke-operation.ts';
import { LOG_OPERATIONS } from './logs/log-operations.ts';
import type { Operation, RefusedOperation } from './operation.ts';
import { ACL_OPERATIONS } from './policies/acl-operations.ts';
import { GROUP_OPERATIONS } from './policies/group-operations.ts';
import { PLUGIN_OPERATIONS } from './policies/plugin-operations.ts';
import { THROTTLE_BINDING_OPERATIONS } from './policies/throttle-binding-operations.ts';
import { THROTTLE_OPERATIONS } from './policies/throttle-operations.ts';
import { QUOTA_OPERATIONS } from './quotas/quota-operations.ts';
import { FOREIGN_OPERATIONS } from './refused/foreign-operations.ts';
import { RESERVED_OPERATIONS } from './reserved/reserved-operations.ts';
import { STATISTICS_OPERATIONS } from './statistics/statistics-operations.ts';
import { TAG_OPERATIONS } from './tags/tag-operations.ts';
import { TRIGGER_OPERATIONS } from './triggers/trigger-operations.ts';
import { VERSION_OPERATIONS } from './versions/version-operations.ts';

export const ALL_OPERATIONS: readonly Operation[] = [
	...FUNCTION_OPERATIONS,
	...CODE_OPERATIONS,
	...TRANSFER_OPERATIONS,
	...VERSION_OPERATIONS,
	...ALIAS_OPERATIONS,
	...INVOKE_OPERATIONS,
	...TRIGGER_OPERATIONS,
	...TAG_OPERATIONS,
	...RESERVED_OPERATIONS,
	...EVENT_OPERATIONS,
	...STATISTICS_OPERATIONS,
	...QUOTA_OPERATIONS,
	...LOG_OPERATIONS,
	...APP_OPERATIONS,
	...APP_CODE_OPERATIONS,
	...APP_GRANT_OPERATIONS,
	...API_OPERATIONS,
	...AUTHORIZER_OPERATIONS,
	...THROTTLE_OPERATIONS,
	...THROTTLE_BINDING_OPERATIONS,
	...ACL_OPERATIONS,
	...PLUGIN_OPERATIONS,
	...GROUP_OPERATIONS,
];

export const REFUSED_OPERATIONS: readonly RefusedOperation[] = FOREIGN_OPERATIONS;
