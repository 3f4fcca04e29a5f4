import { Deadline } from '../base/deadline.ts';
import type { RuntimeError } from '../contract/errors.ts';
import type { Api } from './api.ts';
import { backendTimeout } from './exchange-errors.ts';
import { sharedDeadlines } from './shared-deadlines.ts';

/** Runs from now until it is cleared: a call's answer has to begin before. Null: the API sets no such time. */
export function beginPatience(api: Api | null, onExpired: (error: RuntimeError) => void): Deadline | null {
	const timeoutMs = api?.backendTimeoutMs ?? null;
	if (timeoutMs === null) return null;
	const patience = new Deadline(() => onExpired(backendTimeout(timeoutMs)));
	sharedDeadlines(timeoutMs).set(patience);
	return patience;
}
