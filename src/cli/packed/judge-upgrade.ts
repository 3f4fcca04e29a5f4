import { RuntimeError } from '../../contract/errors.ts';
import { PLAIN_WORD } from '../../engine/packed-tail.ts';
import { openPackage } from '../../packed/open-package.ts';
import { checkWhole, judgeSignature } from '../../packed/verify-package.ts';

/**
 * Judges what is to take over before anything of it runs: a packed file by every digest, and by its signature where this machine trusts
 * somebody. Answers the words that make it httpfn. `signed`: nothing else is taken. Rejects with ERR_PACKED_INVALID, ERR_PACKED_UNTRUSTED.
 */
export async function judgeUpgrade(
	file: string,
	trusted: readonly string[],
	signed: boolean,
): Promise<readonly string[]> {
	const opened = await openPackage(file).catch((error: unknown) => {
		const plain = error instanceof RuntimeError && error.code === 'ERR_PACKED_INVALID';
		if (!plain || signed) throw error;
		return null;
	});
	if (opened === null) return [];
	await using whole = opened;
	for (const text of trusted) judgeSignature(whole.trailer, text, file);
	await checkWhole(whole);
	return [PLAIN_WORD];
}
