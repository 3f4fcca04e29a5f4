/** What a request is told when no instance could take it. */
import { RuntimeError } from '../contract/errors.ts';
import type { ExitCause } from './exit-cause.ts';
import { describeCause, lossError } from './exit-cause.ts';

const STDERR_LINES_SHOWN_MAX = 3;

/** `places` says where the function does listen; empty where that cannot be known. */
export function initTimeoutError(address: string, timeoutSeconds: number, places: string): RuntimeError {
	const found = places === '' ? '' : `: ${places}`;
	return new RuntimeError(
		'ERR_FUNCTION_INIT_TIMEOUT',
		`the function did not listen on ${address} within ${timeoutSeconds} s${found}`,
	);
}

/** Why an instance that was started never became ready. `stderr`: its last lines. */
export function startFailure(cause: ExitCause, address: string, stderr: readonly string[]): RuntimeError {
	switch (cause.kind) {
		case 'exited':
		case 'signaled':
		case 'deaf':
			return initExitError(cause, address, stderr);
		case 'over-memory':
			return lossError(cause);
		case 'init-timeout':
		case 'start-refused':
			return cause.error;
		case 'stopped':
			return stoppedError();
		default:
			return cause satisfies never;
	}
}

function initExitError(cause: ExitCause, address: string, stderr: readonly string[]): RuntimeError {
	const end = stderr.slice(-STDERR_LINES_SHOWN_MAX).join('\n');
	const said = end === '' ? 'it wrote nothing to stderr' : `its last lines on stderr: ${end}`;
	return new RuntimeError(
		'ERR_FUNCTION_INIT_EXITED',
		`the function ${describeCause(cause)} before it listened on ${address}; ${said}`,
	);
}

export function crashLoopError(deaths: number, lastCause: ExitCause | null, waitMs: number): RuntimeError {
	const last = lastCause === null ? '' : `; the last time it ${describeCause(lastCause)}`;
	return new RuntimeError(
		'ERR_FUNCTION_CRASH_LOOP',
		`the function died ${deaths} times in a row${last}; it is started again in ${(waitMs / 1000).toFixed(1)} s at the soonest`,
	);
}

export function stoppedError(): RuntimeError {
	return new RuntimeError('ERR_DRAINING', 'httpfn is stopping and starts no function any more');
}

export function closedWithoutCause(): RuntimeError {
	return new RuntimeError(
		'ERR_RESPONSE_INCOMPLETE',
		'the function closed the connection before it had answered',
	);
}
