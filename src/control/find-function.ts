import { shortened } from '../base/shortened.ts';
import type { FunctionRecord } from '../catalog/records.ts';
import { RuntimeError } from '../contract/errors.ts';
import { parseFunctionUrn } from '../contract/function-urn.ts';
import { kindOf } from '../contract/kind-of.ts';
import { LIMITS } from '../contract/limits.ts';
import type { Call } from './operation.ts';

/** The function that the path of a call names, and which version or alias of it. Throws ERR_URN_INVALID, ERR_FUNCTION_NOT_FOUND. */
export function findFunction({ context, parameters }: Pick<Call, 'context' | 'parameters'>): {
	readonly record: FunctionRecord;
	/** `latest`, a version, or `!` and an alias. */
	readonly qualifier: string;
} {
	const text = parameters.function_urn ?? parameters.func_urn ?? '';
	const project = parameters.project_id ?? '';
	const urn = parseFunctionUrn(text, { region: context.region, project });
	if (urn === null)
		throw new RuntimeError('ERR_URN_INVALID', `found ${kindOf(text)}, which is no URN of a function`);
	const record = urn.project === project ? context.catalog.functions.find(urn) : null;
	if (record !== null) return { record, qualifier: urn.qualifier };
	const [name, app, known] = [urn.name, urn.package, project].map((part) =>
		shortened(part, LIMITS.urnPartCharsMax),
	);
	throw new RuntimeError(
		'ERR_FUNCTION_NOT_FOUND',
		`there is no function ${name} in ${app} of project ${known}`,
	);
}
