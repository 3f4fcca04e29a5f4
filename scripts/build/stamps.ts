/** Which outputs in dist/ are up to date: what each was made from, and the file as it was left. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Stamp {
	/** Digest of everything that the output depends on. */
	readonly key: string;
	readonly sha256: string;
	readonly bytes: number;
	readonly modifiedAtMs: number;
}

export class Stamps {
	readonly #folder: string;
	readonly #stamps: Record<string, Stamp>;

	constructor(folder: string) {
		this.#folder = folder;
		this.#stamps = this.#read();
	}

	get names(): readonly string[] {
		return Object.keys(this.#stamps);
	}

	/** True when the file was made from `key`, and nobody has touched it since. */
	isCurrent(name: string, key: string): boolean {
		const stamp = this.#stamps[name];
		const path = join(this.#folder, name);
		if (stamp === undefined || stamp.key !== key || !existsSync(path)) return false;
		const { size, mtimeMs } = statSync(path);
		return size === stamp.bytes && mtimeMs === stamp.modifiedAtMs;
	}

	/** Records the file as made from `key`. */
	put(name: string, key: string): void {
		const path = join(this.#folder, name);
		const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
		const { size, mtimeMs } = statSync(path);
		this.#stamps[name] = { key, sha256, bytes: size, modifiedAtMs: mtimeMs };
		this.#write();
	}

	forget(name: string): void {
		delete this.#stamps[name];
		this.#write();
	}

	get(name: string): Stamp {
		const stamp = this.#stamps[name];
		if (stamp === undefined) throw new Error(`${name} has not been built`);
		return stamp;
	}

	#read(): Record<string, Stamp> {
		try {
			return JSON.parse(readFileSync(this.#path, 'utf8')) as Record<string, Stamp>;
		} catch {
			return {};
		}
	}

	#write(): void {
		const temporary = `${this.#path}.${process.pid}`;
		writeFileSync(temporary, JSON.stringify(this.#stamps, null, '\t'));
		renameSync(temporary, this.#path);
	}

	get #path(): string {
		return join(this.#folder, '.stamps.json');
	}
}
