import type { LogLevel } from './log.ts';

/** What is written at a level is whatever ranks as high, or higher. */
export const LOG_RANKS: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };
