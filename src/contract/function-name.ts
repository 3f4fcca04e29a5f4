/** The platform's rules for names. Each check answers with the mistakes it found; none means well formed. */
import { LIMITS } from './limits.ts';

/** Function names: 1 to 60 of letters, digits, `_`, `-`; a letter first, a letter or digit last (documented). */
export function checkFunctionName(name: string): string[] {
	const rule = `1 to ${LIMITS.nameCharsMax} letters, digits, "_" or "-", beginning with a letter and ending with a letter or digit`;
	const wellFormed = name.length <= LIMITS.nameCharsMax && /^[A-Za-z](?:[\w-]*[A-Za-z0-9])?$/.test(name);
	return wellFormed ? [] : [`name is ${JSON.stringify(name)}; wanted ${rule}`];
}

/** Versions: 1 to 42 of letters, digits, `_`, `-`, `.`; a letter or digit at both ends (length documented). */
export function checkVersion(version: string): string[] {
	const rule = `1 to ${LIMITS.versionCharsMax} letters, digits, "_", "-" or ".", beginning and ending with a letter or digit`;
	const wellFormed =
		version.length <= LIMITS.versionCharsMax && /^[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?$/.test(version);
	return wellFormed ? [] : [`version is ${JSON.stringify(version)}; wanted ${rule}`];
}

/** Region, project and package stand in the function's URN and in headers: printable ASCII without space or `:` (ours). */
export function checkUrnPart(field: string, value: string): string[] {
	const wellFormed = value.length <= LIMITS.urnPartCharsMax && /^[!-9;-~]+$/.test(value);
	const rule = `1 to ${LIMITS.urnPartCharsMax} printable ASCII characters without space or ":"`;
	return wellFormed ? [] : [`${field} is ${JSON.stringify(value)}; wanted ${rule}`];
}
