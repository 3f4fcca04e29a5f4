/** What the API of a trigger asks of its callers, by what the catalog says now. */
import type { TriggerRecord } from '../catalog/records.ts';
import { RuntimeError } from '../contract/errors.ts';
import type { Api } from '../gateway/api.ts';
import type { Guard } from '../gateway/guard.ts';

export function apiOfTrigger(trigger: TriggerRecord): Api {
	const { type, timeoutMs, auth, eventData } = trigger;
	return {
		id: String(eventData.api_id),
		family: type === 'APIC' ? 'APIC' : 'APIG',
		backendTimeoutMs: timeoutMs,
		guard: auth === 'NONE' ? null : closed(trigger),
		addresses: null,
		throttle: null,
		cors: null,
	};
}

/** Nobody is let in whom nobody has judged. */
function closed({ auth, path }: TriggerRecord): Guard {
	const error = new RuntimeError(
		'ERR_TRIGGER_AUTH',
		`the trigger of ${path} asks for ${auth} authentication, which this gateway does not judge yet: it lets nobody in`,
	);
	return { judge: () => error };
}
