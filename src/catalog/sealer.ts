/**
 * Secrets of the state folder, encrypted at rest: AES-256-GCM with a key in a file of its own, which nobody but its owner may read.
 * A sealed text is `v1:` and, in Base64, nonce, tag and bytes.
 */
import { Buffer } from 'node:buffer';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { RuntimeError } from '../contract/errors.ts';
import { syncFolder } from './sync-folder.ts';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const PREFIX = 'v1:';

export class Sealer {
	readonly #key: Buffer;

	private constructor(key: Buffer) {
		this.#key = key;
	}

	/** Makes the key where there is none. Throws ERR_STATE_UNAVAILABLE, also where others may read it. */
	static open(folder: string): Sealer {
		const file = path.join(folder, 'key');
		try {
			return new Sealer(readKey(file) ?? makeKey(folder, file) ?? requireKey(file));
		} catch (error) {
			if (error instanceof RuntimeError) throw error;
			const { code } = error as NodeJS.ErrnoException;
			throw unusable(file, `${code ?? error}`, 'a file that can be read and written', error);
		}
	}

	seal(text: string): string {
		const nonce = randomBytes(NONCE_BYTES);
		const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
		const bytes = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
		return `${PREFIX}${Buffer.concat([nonce, cipher.getAuthTag(), bytes]).toString('base64')}`;
	}

	/** Throws ERR_STATE_UNAVAILABLE where the text was sealed by another key, or changed. */
	open(sealed: string): string {
		const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64');
		try {
			if (!sealed.startsWith(PREFIX)) throw new Error('it is no sealed text');
			const nonce = bytes.subarray(0, NONCE_BYTES);
			const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
			const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: TAG_BYTES });
			decipher.setAuthTag(tag);
			const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
			return Buffer.concat([text, decipher.final()]).toString('utf8');
		} catch (error) {
			const message =
				'could not decrypt a secret of the catalog; wanted the key it was encrypted with, in the file key';
			throw new RuntimeError('ERR_STATE_UNAVAILABLE', message, { cause: error });
		}
	}
}

/** Null where there is none. */
function readKey(file: string): Buffer | null {
	let text: string;
	try {
		text = readFileSync(file, 'latin1');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw error;
	}
	const mode = statSync(file).mode & 0o777;
	if ((mode & 0o077) !== 0)
		throw unusable(file, `mode ${mode.toString(8)}`, 'mode 600: others may read it', null);
	const key = Buffer.from(text.trim(), 'hex');
	if (key.length !== KEY_BYTES)
		throw unusable(file, `${text.length} characters`, `${KEY_BYTES * 2} hexadecimal digits`, null);
	return key;
}

/** Made by another process a moment ago. */
function requireKey(file: string): Buffer {
	const key = readKey(file);
	if (key === null) throw unusable(file, 'none', 'one that stays', null);
	return key;
}

/** On the disk before anything is sealed with it. Null where somebody else was first: a key is never replaced. */
function makeKey(folder: string, file: string): Buffer | null {
	const key = randomBytes(KEY_BYTES);
	const part = `${file}.part-${crypto.randomUUID()}`;
	try {
		const descriptor = openSync(part, 'wx', 0o600);
		try {
			writeSync(descriptor, `${key.toString('hex')}\n`);
			fsyncSync(descriptor);
		} finally {
			closeSync(descriptor);
		}
		linkSync(part, file);
		syncFolder(folder);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null;
		throw error;
	} finally {
		rmSync(part, { force: true });
	}
	return key;
}

function unusable(file: string, found: string, wanted: string, cause: unknown): RuntimeError {
	const message = `could not use the key ${file}: found ${found}, wanted ${wanted}`;
	return new RuntimeError('ERR_STATE_UNAVAILABLE', message, { cause });
}
