import { shortened } from '../base/shortened.ts';
import { RuntimeError } from '../contract/errors.ts';

export function functionNotFound(): RuntimeError {
	const message = 'there is no such function: it may have been deleted meanwhile';
	return new RuntimeError('ERR_FUNCTION_NOT_FOUND', message);
}

export function versionNotFound(version: string): RuntimeError {
	return new RuntimeError('ERR_VERSION_NOT_FOUND', `the function has no version ${shown(version)}`);
}

export function aliasNotFound(name: string): RuntimeError {
	return new RuntimeError('ERR_ALIAS_NOT_FOUND', `the function has no alias ${shown(name)}`);
}

export function triggerNotFound(id: string): RuntimeError {
	return new RuntimeError('ERR_TRIGGER_NOT_FOUND', `the function has no trigger ${shown(id)}`);
}

export function testEventNotFound(id: string): RuntimeError {
	return new RuntimeError('ERR_TEST_EVENT_NOT_FOUND', `the function has no test event ${shown(id)}`);
}

/** What is asked for may be anything: no name that there is is longer. */
function shown(name: string): string {
	return shortened(name, 64);
}
