import { LIMITS } from '../contract/limits.ts';
import type { RequestLimits } from '../http1/request-head.ts';

/** Of every request's head. */
export const REQUEST_LIMITS: RequestLimits = {
	targetBytesMax: LIMITS.targetBytesMax,
	lineBytesMax: LIMITS.headerLineBytesMax,
	countMax: LIMITS.headerCountMax,
};
