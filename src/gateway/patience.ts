import { Deadline } from '../base/deadline.ts';
import type { Api } from './api.ts';
import { backendTimeout } from './exchange-errors.ts';
import type { TimedCall } from './function-clock.ts';
import { sharedDeadlines } from './shared-deadlines.ts';

/** Runs from now until it is cleared: a call's answer has to begin before. Null: the API sets no such time. */
export function beginPatience(api: Api | null, call: TimedCall): Deadline | null {
	const timeoutMs = api?.backendTimeoutMs ?? null;
	if (timeoutMs === null) return null;
	// The function may well be on its way: only who called has stopped waiting.
	const patience = new Deadline(() => call.onTimeout(backendTimeout(timeoutMs), 'abandoned'));
	sharedDeadlines(timeoutMs).set(patience);
	return patience;
}
