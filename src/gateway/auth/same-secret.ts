import { nodeCrypto } from '../../contract/node-crypto.ts';

/** What stands for the secret of whoever there is not, so that looking takes as long. Nobody is let in by it. */
export const NOBODYS_SECRET = 'the secret of nobody, which lets nobody in';

/** Takes the same time however much of a wrong secret is right, and however long it is. */
export function sameSecret(given: string, wanted: string): boolean {
	const { hash, timingSafeEqual } = nodeCrypto();
	return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', wanted, 'buffer'));
}
