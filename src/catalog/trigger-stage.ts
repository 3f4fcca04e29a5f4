import type { JsonObject } from './function-config.ts';

/** The environment that everything is published in unless told otherwise (documented). */
export const USUAL_STAGE = 'RELEASE';

/** The environment that a trigger publishes its API in. */
export function stageOf({ eventData }: { readonly eventData: JsonObject }): string {
	const { env_name: name } = eventData;
	return typeof name === 'string' && name !== '' ? name : USUAL_STAGE;
}
