/** Bundles that this process made, in a folder of its own, which goes with it; those that were killed are cleared by the next one. */
import { lstat, mkdtemp, readdir, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { EdgeProgram } from '../contract/edge-program.ts';
import { RuntimeError } from '../contract/errors.ts';
import { type Bundle, bundleFolder } from './bundle-folder.ts';
import { type BundlerProgram, openBundler } from './bundler-program.ts';
import { externalPackages } from './external-packages.ts';

/** What is to be bundled. */
export interface EdgeSource {
	/** Absolute path. */
	readonly codeRoot: string;
	/** Relative to it. */
	readonly entry: string;
	readonly external: readonly string[];
}

export interface StoredBundle extends Omit<Bundle, 'digest'> {
	readonly program: EdgeProgram;
}

/** Whoever bundles may ask for an executable of esbuild for this code root. Rejects with ERR_EDGE_BUNDLER. */
export type OpenBundler = (codeRoot: string) => Promise<BundlerProgram>;

export class BundleStore {
	readonly #parent: string;
	readonly #open: OpenBundler;
	#folder: Promise<string> | null = null;
	#bundler: Promise<BundlerProgram> | null = null;
	#made = 0;

	/** `parent`: where the folder is made, that of the system for temporary files if nothing else is said. `open`: httpfn's own bundler, likewise. */
	constructor(parent: string = os.tmpdir(), open: OpenBundler = openBundler) {
		this.#parent = parent;
		this.#open = open;
	}

	/** The same sources give the same path. Rejects with ERR_EDGE_BUILD, ERR_EDGE_BUNDLER. */
	async bundle({ codeRoot, entry, external }: EdgeSource): Promise<StoredBundle> {
		this.#folder ??= makeFolder(this.#parent);
		this.#bundler ??= this.#open(codeRoot);
		try {
			const [store, bundler] = await Promise.all([this.#folder, this.#bundler]);
			this.#made += 1;
			const folder = path.join(store, `new-${this.#made}`);
			try {
				const left = await externalPackages(codeRoot, external);
				const { digest, ...made } = await bundleFolder({
					...{ codeRoot, entry, external: left, folder, bundler },
					shownAs: null,
				});
				return { ...made, program: { bundle: await keep(folder, digest, codeRoot) } };
			} finally {
				// What was kept has another name.
				await rm(folder, { recursive: true, force: true });
			}
		} catch (cause) {
			if (cause instanceof RuntimeError) throw cause;
			throw new RuntimeError('ERR_EDGE_BUNDLER', `Could not write a bundle in ${this.#parent}: ${cause}`, {
				cause,
			});
		}
	}

	/** Removes the bundles of all other programs. */
	async keep(programs: readonly EdgeProgram[]): Promise<void> {
		const store = await this.#folder;
		if (store === null) return;
		const kept = new Set(programs.map(({ bundle }) => path.basename(path.dirname(bundle))));
		const names = (await readdir(store)).filter((name) => !kept.has(name));
		await Promise.all(names.map((name) => rm(path.join(store, name), { recursive: true, force: true })));
	}

	/** What takes memory only while bundles are made is given back; the next bundle makes it again. */
	async rest(): Promise<void> {
		const bundler = this.#bundler;
		this.#bundler = null;
		await bundler?.then((opened) => opened.close()).catch(() => {});
	}

	/** Nothing of it is left then. Twice is harmless. */
	async close(): Promise<void> {
		await this.rest();
		const folder = this.#folder;
		this.#folder = null;
		await folder?.then((path) => rm(path, { recursive: true, force: true })).catch(() => {});
	}
}

/** Bundles of other folders may be the same, but what they leave external is elsewhere. */
async function keep(folder: string, digest: string, codeRoot: string): Promise<string> {
	const { dev, ino } = await stat(codeRoot);
	const kept = path.join(path.dirname(folder), `${digest.slice(0, 32)}-${dev}.${ino}`);
	// What is left external is looked for there; in a place of its own the function finds it another way.
	await symlink(path.join(codeRoot, 'node_modules'), path.join(folder, 'node_modules'));
	// The same bundle is there already, and instances may be starting from it.
	await rename(folder, kept).catch((error) => {
		if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
	});
	return path.join(kept, 'index.mjs');
}

async function makeFolder(parent: string): Promise<string> {
	const prefix = `httpfn-edge-${await processSpace()}-`;
	await clearLeftovers(parent, prefix);
	return mkdtemp(path.join(parent, `${prefix}${process.pid}-`));
}

/** Process numbers mean something within one namespace only, and containers may share a folder. */
async function processSpace(): Promise<string> {
	const link = await readlink('/proc/self/ns/pid').catch(() => '');
	return link.replaceAll(/\D/g, '') || '0';
}

async function clearLeftovers(parent: string, prefix: string): Promise<void> {
	for (const name of await readdir(parent).catch(() => [] as string[])) {
		if (!name.startsWith(prefix)) continue;
		const pid = Number(name.slice(prefix.length).split('-')[0]);
		const folder = path.join(parent, name);
		if (isAlive(pid) || !(await isOwn(folder))) continue;
		await rm(folder, { recursive: true, force: true }).catch(() => {});
	}
}

/** A link is judged by who made it, not by where it leads: that may be elsewhere by the time it is followed. */
async function isOwn(folder: string): Promise<boolean> {
	const { uid } = await lstat(folder).catch(() => ({ uid: -1 }));
	return uid === process.getuid?.();
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code !== 'ESRCH';
	}
}
