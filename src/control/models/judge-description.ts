import { optionalText } from './fields.ts';
import type { Mistakes } from './mistakes.ts';

/** Characters of a description (documented). */
const CHARS_MAX = 512;

/** As a body brings it: one that is too long has a code of its own, so its length is not judged here. */
export const descriptionText = () => optionalText(65_536);

/** Adds ERR_DESCRIPTION_INVALID. */
export function judgeDescription(description: string, mistakes: Mistakes): void {
	if (description.length <= CHARS_MAX) return;
	const found = `description: found ${description.length} characters`;
	mistakes.add('ERR_DESCRIPTION_INVALID', `${found}, wanted at most ${CHARS_MAX}`);
}
