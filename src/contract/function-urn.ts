/** `urn:fss:<region>:<project>:function:<package>:<name>:<version>`, as the platform's API writes it. */
import type { FunctionSettings } from './function-settings.ts';

type UrnParts = Pick<FunctionSettings, 'region' | 'projectId' | 'package' | 'name' | 'version'>;

export function functionUrn(parts: UrnParts): string {
	const { region, projectId, name, version } = parts;
	return `urn:fss:${region}:${projectId}:function:${parts.package}:${name}:${version}`;
}
