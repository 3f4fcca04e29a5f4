import type { EgressSettings } from '../contract/sandbox-settings.ts';
import type { EgressValue } from './sandbox-fields.ts';

/** Both forms of `egress`, and both spellings of its keys, as one. */
export function egressSettings(value: EgressValue): EgressSettings {
	const given = typeof value === 'string' ? { mode: value } : value;
	return {
		mode: given.mode ?? 'open',
		allow: given.allow ?? [],
		publicSource: given.publicSource ?? given.public_source ?? null,
		disablePublicNetwork: given.disablePublicNetwork ?? given.disable_public_network ?? false,
	};
}
