import type { RunSettings } from '../config/run-settings.ts';
import { RuntimeError } from '../contract/errors.ts';

/** `auto` is `direct` in this version: one instance, on this host's own 127.0.0.1:8000. */
export function checkIsolation(isolation: RunSettings['isolation']): void {
	if (isolation !== 'namespace') return;
	const found = 'namespace isolation is not part of this version';
	throw new RuntimeError('ERR_ISOLATION_UNAVAILABLE', `${found}; wanted --isolation direct, or auto`);
}
