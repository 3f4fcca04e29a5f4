import { isPacked, PLAIN_WORD } from '../../engine/packed-tail.ts';
import { openPackage } from '../../packed/open-package.ts';
import { verifyPackage } from '../../packed/verify-package.ts';

/**
 * Judges what is to take over before anything of it runs: a packed file by every digest, and by its signature where this machine trusts
 * somebody. Answers the words that make it httpfn. `signed`: nothing else is taken. Rejects with ERR_PACKED_INVALID, ERR_PACKED_UNTRUSTED.
 */
export async function judgeUpgrade(
	file: string,
	trusted: readonly string[],
	signed: boolean,
): Promise<readonly string[]> {
	// By its end alone: a packed file that has been changed is no httpfn without a package.
	if (!signed && !isPacked(file)) return [];
	await using opened = await openPackage(file);
	await verifyPackage(opened, trusted, file);
	return [PLAIN_WORD];
}
