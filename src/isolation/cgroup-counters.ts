/** The numbers of one group that are read again and again: descriptors are kept, so that a reading is one system call. */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { CgroupMemory } from './cgroup.ts';

export interface CounterNames {
	readonly stat: string;
	/** The field of `stat` that counts heaps and stacks. */
	readonly anonymous: string;
	/** The file with the field `oom_kill`. */
	readonly events: string;
}

const text = Buffer.allocUnsafe(16 * 1024);

export class CgroupCounters {
	readonly #folder: string;
	readonly #names: CounterNames;
	/** Null: no such file. */
	readonly #descriptors = new Map<string, number | null>();
	#closed = false;

	constructor(folder: string, names: CounterNames) {
		this.#folder = folder;
		this.#names = names;
	}

	memory(): CgroupMemory | null {
		const read = this.#read(this.#names.stat);
		if (read === null) return null;
		return {
			anonymousBytes: field(read, this.#names.anonymous) ?? 0,
			sharedBytes: field(read, 'shmem') ?? 0,
		};
	}

	event(name: string): number {
		return field(this.#read(this.#names.events) ?? '', name) ?? 0;
	}

	close(): void {
		this.#closed = true;
		for (const descriptor of this.#descriptors.values()) if (descriptor !== null) closeSync(descriptor);
		this.#descriptors.clear();
	}

	#read(name: string): string | null {
		const descriptor = this.#descriptor(name);
		if (descriptor === null) return null;
		try {
			return text.toString('latin1', 0, readSync(descriptor, text, 0, text.length, 0));
		} catch {
			// The group is removed.
			return null;
		}
	}

	#descriptor(name: string): number | null {
		if (this.#closed) return null;
		let descriptor = this.#descriptors.get(name);
		if (descriptor === undefined) {
			descriptor = openOrNull(join(this.#folder, name));
			this.#descriptors.set(name, descriptor);
		}
		return descriptor;
	}
}

function openOrNull(path: string): number | null {
	try {
		return openSync(path, 'r');
	} catch {
		return null;
	}
}

/** Of lines `name number`. */
function field(lines: string, name: string): number | null {
	const key = `${name} `;
	let at = lines.startsWith(key) ? 0 : lines.indexOf(`\n${key}`);
	if (at === -1) return null;
	if (at > 0) at += 1;
	return Number.parseInt(lines.slice(at + key.length, at + key.length + 20), 10);
}
