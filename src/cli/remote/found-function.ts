import { RuntimeError } from '../../contract/errors.ts';
import type { FunctionAnswer } from './answers.ts';
import type { ControlClient } from './control-client.ts';
import { FunctionApi } from './function-api.ts';
import type { FunctionReference } from './function-reference.ts';

/** The function, or ERR_FUNCTION_NOT_FOUND, which says where it was looked for. */
export async function foundFunction(
	client: ControlClient,
	reference: FunctionReference,
): Promise<{ readonly api: FunctionApi; readonly config: FunctionAnswer }> {
	const api = new FunctionApi(client, reference);
	const config = await api.config(reference.qualifier);
	if (config !== null) return { api, config };
	const { endpoint, projectId } = client.server;
	const { name, qualifier } = reference;
	const version = qualifier === null ? '' : `:${qualifier}`;
	throw new RuntimeError(
		'ERR_FUNCTION_NOT_FOUND',
		`there is no function ${name}${version} in package ${reference.package}, project ${projectId} of ${endpoint}`,
	);
}
