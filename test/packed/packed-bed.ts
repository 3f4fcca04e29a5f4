/** Packed files of small folders, on a runtime that is no more than its header and its mark. */
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packageSigner } from '../../src/packed/package-key.ts';
import { readRuntimeFile } from '../../src/packed/runtime-file.ts';
import { type PackageInput, type WrittenPackage, writePackage } from '../../src/packed/write-package.ts';

const X64 = 62;
export const ARM64 = 183;

export interface KeyPair {
	readonly privatePem: string;
	readonly publicPem: string;
}

/** A folder that is there for one test. */
export async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
	const folder = mkdtempSync(path.join(tmpdir(), 'httpfn-packed-'));
	try {
		await run(folder);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Files by name; one whose name ends in `*` can be executed. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): string {
	for (const [key, text] of Object.entries(files)) {
		const file = path.join(folder, key.replace(/\*$/, ''));
		mkdirSync(path.dirname(file), { recursive: true });
		writeFileSync(file, text);
		chmodSync(file, key.endsWith('*') ? 0o755 : 0o644);
	}
	return folder;
}

/** An ELF header for a machine, some bytes, and the mark of a version. */
export function writeRuntime(
	file: string,
	{ machine = X64, mark = '<httpfn-runtime 1.2.3 abc>' } = {},
): string {
	const header = Buffer.alloc(64);
	header.write('\x7fELF\x02\x01\x01', 'latin1');
	header.writeUInt16LE(machine, 18);
	writeFileSync(file, Buffer.concat([header, Buffer.alloc(5000, 7), Buffer.from(mark), Buffer.alloc(100)]));
	return file;
}

/** `source` as the function hello, packed to `output`. */
export async function packHello(
	source: string,
	output: string,
	more: Partial<PackageInput> & { readonly key?: KeyPair } = {},
): Promise<WrittenPackage> {
	const { key, ...input } = more;
	const runtime = await readRuntimeFile(writeRuntime(`${output}.runtime`));
	return writePackage({
		name: 'hello',
		kind: 'function',
		functions: [{ name: 'hello', folder: 'hello' }],
		sources: [{ kind: 'folder', folder: source, name: 'hello' }],
		runtime,
		sign: key === undefined ? null : packageSigner(key.privatePem, 'KEY.pem'),
		signal: new AbortController().signal,
		onProgress: () => {},
		output,
		...input,
	});
}

export function newKey(type: 'ed25519' | 'x25519' = 'ed25519'): KeyPair {
	const encoding = {
		publicKeyEncoding: { type: 'spki', format: 'pem' },
		privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
	} as const;
	const { publicKey, privateKey } =
		type === 'ed25519' ? generateKeyPairSync('ed25519', encoding) : generateKeyPairSync('x25519', encoding);
	return { publicPem: publicKey, privatePem: privateKey };
}

/** The code of what a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<{ code: string; message: string }> {
	try {
		await promise;
	} catch (error) {
		return error as { code: string; message: string };
	}
	throw new Error('it was expected to fail');
}
