import { RuntimeError } from '../contract/errors.ts';
import type { Identity } from './identity.ts';
import type { Operation } from './operation.ts';

/** Throws ERR_FORBIDDEN, which names the right that is missing. */
export function requireRight(identity: Identity, { right, id }: Operation): void {
	if (identity.rights.has(right)) return;
	const has = [...identity.rights].join(', ') || 'none';
	throw new RuntimeError('ERR_FORBIDDEN', `${id} needs the right "${right}"; ${identity.name} has ${has}`);
}
