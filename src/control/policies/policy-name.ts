import * as z from 'zod/mini';
import { wanted } from '../models/fields.ts';

/** Documented: of a policy or a plug-in, which may have hyphens too where its name may be long. */
export function policyName(charsMax: 64 | 255) {
	const [more, shown] = charsMax === 64 ? ['_', '"_"'] : ['_-', '"_" or "-"'];
	const name = new RegExp(`^\\p{L}[\\p{L}\\p{N}${more}]{2,${charsMax - 1}}$`, 'u');
	const what = `3 to ${charsMax} letters, digits, ${shown}, beginning with a letter`;
	return z.string(wanted(what)).check(z.regex(name, wanted(what)));
}
