/** Ed25519 keys in PEM, as openssl makes them, and signatures of packed files. */
import { Buffer } from 'node:buffer';
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { RuntimeError } from '../contract/errors.ts';
import { type Signature, signedText, type Trailer } from './trailer.ts';

const KEY_BYTES = 32;
/** Before the key itself, in a public key's DER. */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');
const PUBLIC_PEM = /-----BEGIN PUBLIC KEY-----[^-]*-----END PUBLIC KEY-----/g;

/** What signs with the private key of a PEM text (PKCS#8). Throws ERR_PACK_FAILED; `label` names the text. */
export function packageSigner(
	pem: string,
	label: string,
): (text: (publicKey: Buffer) => Buffer) => Signature {
	let key: KeyObject;
	try {
		key = createPrivateKey(pem);
	} catch (error) {
		throw keyFault(label, 'no private key in PEM', error);
	}
	if (key.asymmetricKeyType !== 'ed25519') throw keyFault(label, `a key of type ${key.asymmetricKeyType}`);
	const publicKey = rawKey(createPublicKey(key));
	return (text) => ({ publicKey, bytes: sign(null, text(publicKey), key) });
}

/** The raw keys in a PEM text: one, or several of which each is trusted. Throws an Error that says what is wrong. */
export function trustedKeys(pem: string): readonly Buffer[] {
	const blocks = pem.match(PUBLIC_PEM) ?? [];
	if (blocks.length === 0) throw new Error('found no public key in PEM');
	return blocks.map((block) => {
		const key = createPublicKey(block);
		if (key.asymmetricKeyType !== 'ed25519') throw new Error(`found a key of type ${key.asymmetricKeyType}`);
		return rawKey(key);
	});
}

/** Null where there is none. */
export function signatureHolds(trailer: Trailer): boolean | null {
	const { signature } = trailer;
	if (signature === null) return null;
	const key = createPublicKey({
		key: Buffer.concat([SPKI_HEAD, signature.publicKey]),
		format: 'der',
		type: 'spki',
	});
	return verify(null, signedText(trailer, signature.publicKey), key, signature.bytes);
}

function rawKey(key: KeyObject): Buffer {
	return key.export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES);
}

function keyFault(label: string, found: string, cause?: unknown): RuntimeError {
	const message = `could not sign with ${JSON.stringify(label)}: found ${found}, wanted an Ed25519 private key`;
	return new RuntimeError('ERR_PACK_FAILED', message, { cause });
}
