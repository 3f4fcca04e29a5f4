/** Folders for functions, made for one test and removed after it. */
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface FunctionFolder extends AsyncDisposable {
	readonly path: string;
}

/** A new folder with these files: name → content. Folders in a name are made. */
export async function functionFolder(files: Readonly<Record<string, string>>): Promise<FunctionFolder> {
	const folder = await emptyFolder();
	for (const [name, content] of Object.entries(files)) {
		const path = join(folder.path, name);
		await mkdir(dirname(path), { recursive: true });
		await writeFile(path, content, { mode: 0o644 });
	}
	return folder;
}

/** A copy, so that what a build writes stays out of the original. */
export async function copiedFolder(original: string): Promise<FunctionFolder> {
	const folder = await emptyFolder();
	await cp(original, folder.path, { recursive: true });
	return folder;
}

async function emptyFolder(): Promise<FunctionFolder> {
	const path = await mkdtemp(join(tmpdir(), 'httpfn-test-'));
	// In a namespace functions run as a user of their own.
	await chmod(path, 0o755);
	return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
