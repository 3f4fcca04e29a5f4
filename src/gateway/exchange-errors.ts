/** What goes wrong between the gateway and the function, in words. */
import { RuntimeError } from '../contract/errors.ts';
import type { ProtocolFault } from '../http1/protocol-fault.ts';

export function brokenResponse(fault: ProtocolFault): RuntimeError {
	return new RuntimeError('ERR_RESPONSE_MALFORMED', `the function broke HTTP/1.1: ${fault.message}`);
}

/** `wanted` is empty where the client asked for no switch of protocols. */
export function wrongSwitch(found: string, wanted: string): RuntimeError {
	const asked = wanted === '' ? 'no switch was asked for' : `"${wanted}" was asked for`;
	return new RuntimeError(
		'ERR_RESPONSE_MALFORMED',
		`the function switched to protocol "${found}", but ${asked}`,
	);
}

export function functionTimeout(timeoutSeconds: number): RuntimeError {
	return new RuntimeError('ERR_FUNCTION_TIMEOUT', `the function did not answer within ${timeoutSeconds} s`);
}

export function backendTimeout(timeoutMs: number): RuntimeError {
	return new RuntimeError(
		'ERR_BACKEND_TIMEOUT',
		`the function did not begin its answer within the ${timeoutMs} ms that its trigger grants`,
	);
}

export function noRoomToHold(): RuntimeError {
	return new RuntimeError('ERR_OVERLOADED', 'too many responses of unknown length are held in memory');
}

/** What a start was rejected with, as an error that can be answered. */
export function startFailure(error: unknown): RuntimeError {
	if (error instanceof RuntimeError) return error;
	return new RuntimeError('ERR_INTERNAL', 'the instance could not be started', { cause: error });
}
