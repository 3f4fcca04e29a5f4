import type { Right } from '../../catalog/records.ts';

/** Every right there is. */
export const RIGHTS: readonly Right[] = ['read', 'deploy', 'invoke'];
