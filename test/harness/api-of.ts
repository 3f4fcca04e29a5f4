import type { OperationsBed } from './operations-bed.ts';

/** The api_id of a trigger of a new function. */
export async function apiOf(bed: OperationsBed, name: string): Promise<string> {
	bed.makeFunction(name);
	const body = { trigger_type_code: 'APIG', event_data: { auth: 'NONE', path: `/${name}` } };
	return (await bed.call('POST', `fgs/triggers/${name}`, body)).body.event_data.api_id;
}
