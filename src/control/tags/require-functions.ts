import { RuntimeError } from '../../contract/errors.ts';
import type { Call } from '../operation.ts';

/** Throws ERR_BODY_INVALID where the path names another kind of resource. */
export function requireFunctions({ parameters }: Pick<Call, 'parameters'>): void {
	const { resource_type: found = '' } = parameters;
	if (found === 'functions') return;
	throw new RuntimeError(
		'ERR_BODY_INVALID',
		`path.resource_type: found ${JSON.stringify(found)}, wanted "functions": nothing else has tags here`,
	);
}
