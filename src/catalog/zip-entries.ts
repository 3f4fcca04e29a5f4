/** The names in a package, judged before anything of it is unpacked. */
import { Buffer } from 'node:buffer';
import type { Entry } from '@zip.js/zip.js';
import { RuntimeError } from '../contract/errors.ts';
import { PACKAGE_LIMITS } from './package-limits.ts';

export interface JudgedEntry {
	/** Parts joined by `/`, none of them empty or of dots; a folder's without a slash at its end. */
	readonly name: string;
	readonly kind: 'file' | 'folder' | 'link';
	readonly executable: boolean;
}

const TYPE_MASK = 0o170000;
const REGULAR = 0o100000;
const FOLDER = 0o040000;
const LINK = 0o120000;
/** Stored, and deflated: what every tool writes. */
const METHODS = [0, 8];

/** What each name stands for. Told one by one, so that a directory of millions is refused before it fills the memory. */
export class EntryNames {
	readonly #kinds = new Map<string, JudgedEntry['kind']>();

	/** Throws ERR_CODE_INVALID, which names the entry. */
	add({ name, kind }: JudgedEntry): void {
		if (this.#kinds.has(name)) throw invalid(`${shown(name)}: found twice, wanted each name once`);
		this.#kinds.set(name, kind);
		if (this.#kinds.size <= PACKAGE_LIMITS.entriesMax) return;
		throw invalid(`found more than ${PACKAGE_LIMITS.entriesMax} entries, wanted at most so many`);
	}

	/** When all are known: what lies in a folder has a folder above it. Throws ERR_CODE_INVALID, which names the entry. */
	judgeFolders(): void {
		for (const name of this.#kinds.keys()) {
			for (let slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
				const above = name.slice(0, slash);
				const kind = this.#kinds.get(above) ?? 'folder';
				if (kind === 'folder') continue;
				throw invalid(`${shown(name)}: found ${shown(above)} as a ${kind}, wanted a folder`);
			}
		}
	}
}

/** Throws ERR_CODE_INVALID, which names the entry. */
export function judgeEntry(entry: Entry): JudgedEntry {
	const { filename } = entry;
	const name = filename.endsWith('/') ? filename.slice(0, -1) : filename;
	judgeName(name);
	const refuse = (found: string, wanted: string) =>
		invalid(`${shown(name)}: found ${found}, wanted ${wanted}`);
	if (entry.encrypted) throw refuse('an encrypted entry', 'one without a password');
	if (!METHODS.includes(entry.compressionMethod)) {
		throw refuse(`compression method ${entry.compressionMethod}`, 'deflate, or none');
	}
	const type = (entry.unixMode ?? 0) & TYPE_MASK;
	const kind = entry.directory ? 'folder' : type === LINK ? 'link' : 'file';
	// Other systems store no type.
	if (type !== 0 && type !== (entry.directory ? FOLDER : type === LINK ? LINK : REGULAR)) {
		throw refuse(`a special file (mode ${type.toString(8)})`, 'files, folders and links');
	}
	return { name, kind, executable: ((entry.unixMode ?? 0) & 0o111) !== 0 };
}

/** The library refuses these too: nothing may hang on its defaults alone. Throws ERR_CODE_INVALID. */
export function judgeName(name: string): void {
	const parts = name.split('/');
	const refuse = (found: string) =>
		invalid(`${shown(name)}: found ${found}, wanted a name below the package's root`);
	if (name === '') throw refuse('an empty name');
	if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) throw refuse('an absolute name');
	if (name.includes('\\')) throw refuse('a backslash');
	if (/[\0-\x1f\x7f]/.test(name)) throw refuse('a control character');
	if (parts.some((part) => part === '..')) throw refuse('a way out of the folder');
	if (parts.some((part) => part === '' || part === '.')) throw refuse('an empty part');
	const long = parts.some((part) => Buffer.byteLength(part) > PACKAGE_LIMITS.namePartBytesMax);
	if (long || Buffer.byteLength(name) > PACKAGE_LIMITS.nameBytesMax) throw refuse('a name that is too long');
}

export function invalid(message: string, cause?: unknown): RuntimeError {
	const options = cause === undefined ? {} : { cause };
	return new RuntimeError('ERR_CODE_INVALID', `could not use the package: ${message}`, options);
}

/** Enough to recognize it, and nothing a terminal would act on. */
export function shown(name: string): string {
	return JSON.stringify(name.length > NAME_CHARS_SHOWN ? `${name.slice(0, NAME_CHARS_SHOWN)}…` : name);
}

const NAME_CHARS_SHOWN = 120;
