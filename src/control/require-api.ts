import { RuntimeError } from '../contract/errors.ts';
import type { Call } from './operation.ts';
import type { OwnedTrigger } from './triggers/every-trigger.ts';

/** The trigger that published an API. Throws ERR_API_NOT_FOUND, also for one of another project. */
export function requireApi({ context, parameters }: Call, apiId: string): OwnedTrigger {
	const { triggers, functions } = context.catalog;
	const trigger = triggers.ofApi(apiId);
	const owner = trigger === null ? null : functions.byId(trigger.functionId);
	if (trigger === null || owner === null || owner.project !== parameters.project_id) {
		throw new RuntimeError('ERR_API_NOT_FOUND', 'no trigger has such an api_id');
	}
	return { owner, trigger };
}
