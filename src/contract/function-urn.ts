/** `urn:fss:<region>:<project>:function:<package>:<name>:<version>`, as the platform's API writes it. */
import type { FunctionSettings } from './function-settings.ts';

type UrnParts = Pick<FunctionSettings, 'region' | 'projectId' | 'package' | 'name' | 'version'>;

export function functionUrn(parts: UrnParts): string {
	const { region, projectId, name, version } = parts;
	return `urn:fss:${region}:${projectId}:function:${parts.package}:${name}:${version}`;
}

export interface FunctionUrn {
	readonly region: string;
	readonly project: string;
	readonly package: string;
	readonly name: string;
	/** `latest`, a version, or `!` and an alias. */
	readonly qualifier: string;
}

/**
 * A URN, or one of its short forms (documented: 1, 2, 3, 4, 7 or 8 parts; which parts the short ones are is ours): NAME,
 * NAME:QUALIFIER, PACKAGE:NAME:QUALIFIER, PROJECT:PACKAGE:NAME:QUALIFIER. Null where the text is none of these.
 */
export function parseFunctionUrn(
	text: string,
	defaults: { readonly region: string; readonly project: string },
): FunctionUrn | null {
	const parts = text.split(':');
	if (parts.some((part) => part === '')) return null;
	const { region, project } = defaults;
	const short = { region, project, package: 'default', qualifier: 'latest' };
	const [a = '', b = '', c = '', d = '', e = '', f = '', g = '', h = 'latest'] = parts;
	switch (parts.length) {
		case 1:
			return { ...short, name: a };
		case 2:
			return { ...short, name: a, qualifier: b };
		case 3:
			return { ...short, package: a, name: b, qualifier: c };
		case 4:
			return { region, project: a, package: b, name: c, qualifier: d };
		case 7:
		case 8:
			if (a !== 'urn' || b !== 'fss' || e !== 'function') return null;
			return { region: c, project: d, package: f, name: g, qualifier: h };
		default:
			return null;
	}
}
