import type { FunctionKey } from '../catalog/records.ts';
import { functionUrn } from '../contract/function-urn.ts';
import type { ControlContext } from './control-context.ts';

/** The URN of a function with `latest`, a version, or `!` and an alias. */
export function urnOf(
	{ region }: Pick<ControlContext, 'region'>,
	{ project, package: app, name }: FunctionKey,
	qualifier: string,
): string {
	return functionUrn({ region, projectId: project, package: app, name, version: qualifier });
}
