/**
 * A copy of a state folder that a server may be using meanwhile.
 *
 *   catalog copied at one moment → the packages that the copy names → the key → all synced, and renamed to the folder wanted
 *
 * Until it is renamed it stands beside its place under another name, which goes where anything fails.
 */
import type { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Catalog } from '../catalog/catalog.ts';
import { syncFolder } from '../catalog/sync-folder.ts';
import { RuntimeError } from '../contract/errors.ts';

export interface Backup {
	/** Absolute path. */
	readonly folder: string;
	readonly packages: number;
	/** Of catalog and packages together. */
	readonly bytes: number;
}

const DATABASE = 'catalog.db';
/** A package may go between the copy of the catalog and its own: then the catalog is copied again. */
const TRIES_MAX = 5;

/**
 * `toFolder` must not be there; the folder that it is to stand in must. Rejects with ERR_STATE_UNAVAILABLE, and with the reason of
 * `signal` when that aborts; nothing is left then.
 */
export async function backUpState(
	stateFolder: string,
	toFolder: string,
	signal?: AbortSignal,
): Promise<Backup> {
	if (!existsSync(path.join(stateFolder, DATABASE))) {
		throw failed(`found no ${DATABASE} in ${stateFolder}, wanted the state folder of a server`);
	}
	if (existsSync(toFolder)) throw failed(`found ${toFolder}, wanted a name that nothing has`);
	const part = `${toFolder}.part-${crypto.randomUUID()}`;
	const packages = path.join(part, 'packages');
	try {
		await mkdir(part, { mode: 0o700 });
		await mkdir(packages, { mode: 0o700 });
		const copied = await copyState(stateFolder, part, signal);
		syncFolder(packages);
		syncFolder(part);
		await rename(part, toFolder);
		syncFolder(path.dirname(toFolder));
		return { folder: toFolder, ...copied };
	} catch (error) {
		await rm(part, { recursive: true, force: true });
		if (error instanceof RuntimeError || signal?.aborted) throw error;
		const { code, message } = error as NodeJS.ErrnoException;
		throw failed(code === undefined ? message : `${code} at ${toFolder}`, error);
	}
}

async function copyState(
	stateFolder: string,
	part: string,
	signal: AbortSignal | undefined,
): Promise<{ packages: number; bytes: number }> {
	const copied = new Map<string, number>();
	for (let tries = 1; ; tries += 1) {
		const digests = copyCatalog(stateFolder, part);
		const missing = await copyPackages(stateFolder, part, { digests, copied, signal });
		if (missing === null) {
			await removeOthers(part, digests, copied);
			break;
		}
		if (tries === TRIES_MAX) throw failed(`found no package ${missing}, which the catalog names`);
		await rm(path.join(part, DATABASE));
	}
	await copyFile(path.join(stateFolder, 'key'), path.join(part, 'key')).catch(unlessMissing);
	const catalogBytes = await sizeOf(path.join(part, DATABASE));
	const bytes = [...copied.values()].reduce((sum, one) => sum + one, catalogBytes);
	return { packages: copied.size, bytes };
}

/** Answers the digests of the packages that the copy names. */
function copyCatalog(stateFolder: string, part: string): ReadonlySet<string> {
	const catalog = Catalog.open(stateFolder, { shared: true });
	try {
		catalog.backup(path.join(part, DATABASE));
	} finally {
		catalog.close();
	}
	const copy = Catalog.open(part, { shared: true });
	try {
		return copy.revisions.digests();
	} finally {
		copy.close();
	}
}

interface PackagesToCopy {
	readonly digests: ReadonlySet<string>;
	/** Bytes of those that are there, by digest. */
	readonly copied: Map<string, number>;
	readonly signal: AbortSignal | undefined;
}

/** Answers the first that is not there; null: all are. */
async function copyPackages(
	stateFolder: string,
	part: string,
	{ digests, copied, signal }: PackagesToCopy,
): Promise<string | null> {
	for (const digest of digests) {
		if (copied.has(digest)) continue;
		signal?.throwIfAborted();
		const from = path.join(stateFolder, 'packages', digest);
		const found = await copyFile(from, path.join(part, 'packages', digest)).catch(unlessMissing);
		if (found === null) return digest;
		if (found.sha512 !== digest) {
			throw failed(`found bytes of another digest in ${from}, wanted the package that was stored`);
		}
		copied.set(digest, found.bytes);
	}
	return null;
}

/** What an earlier copy of the catalog named, and this one does not. */
async function removeOthers(
	part: string,
	digests: ReadonlySet<string>,
	copied: Map<string, number>,
): Promise<void> {
	for (const digest of [...copied.keys()].filter((one) => !digests.has(one))) {
		await rm(path.join(part, 'packages', digest));
		copied.delete(digest);
	}
}

/** Read by nobody else, and on the disk when this resolves. */
async function copyFile(from: string, to: string): Promise<{ bytes: number; sha512: string }> {
	const source = await open(from, 'r');
	try {
		const target = await open(to, 'wx', 0o600);
		try {
			return await pour(source, target);
		} finally {
			await target.close();
		}
	} finally {
		await source.close();
	}
}

async function pour(source: FileHandle, target: FileHandle): Promise<{ bytes: number; sha512: string }> {
	const hash = createHash('sha512');
	let bytes = 0;
	for await (const chunk of source.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
		hash.update(chunk);
		await target.appendFile(chunk);
		bytes += chunk.length;
	}
	await target.sync();
	return { bytes, sha512: hash.digest('hex') };
}

async function sizeOf(file: string): Promise<number> {
	const handle = await open(file, 'r');
	try {
		return (await handle.stat()).size;
	} finally {
		await handle.close();
	}
}

function unlessMissing(error: unknown): null {
	if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
	throw error;
}

function failed(problem: string, cause?: unknown): RuntimeError {
	return new RuntimeError('ERR_STATE_UNAVAILABLE', `could not back up the state folder: ${problem}`, {
		cause,
	});
}
