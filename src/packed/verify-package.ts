import { RuntimeError } from '../contract/errors.ts';
import { checkPart, type OpenPackage } from './open-package.ts';
import { signatureHolds, trustedKeys } from './package-key.ts';
import type { Trailer } from './trailer.ts';

/**
 * Reads all of a packed file, runtime included, and compares it with its digests and its signature. Each of `trusted` is the text of a file of
 * public keys: the package has to be signed by one of each. Rejects with ERR_PACKED_INVALID, ERR_PACKED_UNTRUSTED. Nothing of the file runs.
 */
export async function verifyPackage(
	opened: OpenPackage,
	trusted: readonly string[],
	path: string,
): Promise<void> {
	for (const text of trusted) judgeSignature(opened.trailer, text, path);
	await checkWhole(opened);
}

/** Rejects with ERR_PACKED_INVALID where a byte of runtime or payload differs. */
export async function checkWhole(opened: OpenPackage): Promise<void> {
	await checkPart(opened, 'payload');
	await checkPart(opened, 'runtime');
}

/** Throws ERR_PACKED_UNTRUSTED; also where the trusted keys can not be read. */
function judgeSignature(trailer: Trailer, trustedPem: string, path: string): void {
	let keys: readonly Buffer[];
	try {
		keys = trustedKeys(trustedPem);
	} catch (error) {
		throw untrusted(path, `the trusted keys can not be read: ${(error as Error).message}`, error);
	}
	const { signature } = trailer;
	if (signature === null) throw untrusted(path, 'nobody has signed it');
	if (!keys.some((key) => key.equals(signature.publicKey))) {
		throw untrusted(path, `it is signed by ${signature.publicKey.toString('hex')}, which is not trusted`);
	}
	if (signatureHolds(trailer) !== true) throw untrusted(path, 'its signature is false');
}

function untrusted(path: string, found: string, cause?: unknown): RuntimeError {
	const message = `refused the packed file ${JSON.stringify(path)}: ${found}`;
	return new RuntimeError('ERR_PACKED_UNTRUSTED', message, { cause });
}
