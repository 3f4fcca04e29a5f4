import type crypto from 'node:crypto';

let loaded: typeof crypto | null = null;

/** node:crypto, loaded when it is used: it takes milliseconds, and most starts need nothing of it. */
export function nodeCrypto(): typeof crypto {
	// Kept: looking it up takes longer than a hash.
	loaded ??= process.getBuiltinModule('node:crypto');
	return loaded;
}
