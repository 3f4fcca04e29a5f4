import { RuntimeError } from '../contract/errors.ts';

export function functionNotFound(): RuntimeError {
	const message = 'there is no such function: it may have been deleted meanwhile';
	return new RuntimeError('ERR_FUNCTION_NOT_FOUND', message);
}

export function versionNotFound(version: string): RuntimeError {
	return new RuntimeError('ERR_VERSION_NOT_FOUND', `the function has no version ${version}`);
}

export function aliasNotFound(name: string): RuntimeError {
	return new RuntimeError('ERR_ALIAS_NOT_FOUND', `the function has no alias ${name}`);
}
