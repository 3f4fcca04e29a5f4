/** What a request is told that gets no place. */
import { RuntimeError } from '../contract/errors.ts';
import type { ScalingSettings } from '../contract/scaling-settings.ts';

export function disabledError(): RuntimeError {
	return new RuntimeError('ERR_FUNCTION_DISABLED', 'the function is disabled: its concurrency is 0');
}

export function queueFullError(scaling: ScalingSettings, instances: number): RuntimeError {
	return new RuntimeError(
		'ERR_TOO_MANY_REQUESTS',
		`every place is taken (${places(scaling, instances)}) and ${scaling.queueMax} requests wait already; wanted a place in the queue`,
	);
}

export function hostFullError(): RuntimeError {
	return new RuntimeError('ERR_OVERLOADED', 'as many requests wait on this host as may wait');
}

export function queueTimeError(scaling: ScalingSettings, instances: number): RuntimeError {
	return new RuntimeError(
		'ERR_TOO_MANY_REQUESTS',
		`no place came free within ${scaling.queueSeconds} s (${places(scaling, instances)})`,
	);
}

function places({ requestsPerInstanceMax }: ScalingSettings, instances: number): string {
	return `${instances} instances of ${requestsPerInstanceMax} at a time`;
}
