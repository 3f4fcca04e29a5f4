/**
 * Whether a code folder can be started: decisions only, on what the caller read. The rules are the platform's: the
 * start file is called exactly `bootstrap`, stands at the root of the folder, and bash runs it (documented). No
 * exec bit, shebang or final newline is asked for (observed in published samples).
 */
import { type ErrorCode, RuntimeError } from './errors.ts';

/** Symbolic links are to be followed first: `kind` is that of their target, `other` where it is missing. */
export interface FolderEntry {
	readonly name: string;
	readonly kind: 'file' | 'directory' | 'other';
}

/** Names people give the start file by mistake. `bootstrap.css` and the like belong to a web page, not here. */
const NEAR_NAME = /^\s*(?:scf_)?bootstrap(?:\.(?:sh|bash|zsh|ksh|txt|bat|cmd|ps1|exe|bin|out))*\s*$/i;
const ELF = [0x7f, 0x45, 0x4c, 0x46];
/** As far as bash itself looks to tell a program from a script. */
const BASH_SAMPLE_BYTES = 80;
const NAMES_SHOWN_MAX = 5;

/**
 * `entries` is the folder, one level; `nested` names its folders that hold a file `bootstrap`.
 * Answers null, or the error ERR_BOOTSTRAP_NOT_FILE, _NAME, _NESTED or _MISSING.
 */
export function judgeCodeFolder(
	entries: readonly FolderEntry[],
	nested: readonly string[],
): RuntimeError | null {
	const exact = entries.find((entry) => entry.name === 'bootstrap');
	if (exact !== undefined) return judgeKind(exact);

	const near = entries.find((entry) => entry.kind === 'file' && NEAR_NAME.test(entry.name));
	if (near !== undefined) {
		return refusal('ERR_BOOTSTRAP_NAME', `found ${quote(near.name)}, wanted exactly "bootstrap"`);
	}
	const [folder] = nested;
	if (folder !== undefined) {
		const found = quote(`${folder}/bootstrap`);
		return refusal('ERR_BOOTSTRAP_NESTED', `found ${found}, wanted "bootstrap" at the root of the folder`);
	}
	return refusal(
		'ERR_BOOTSTRAP_MISSING',
		`found ${listed(entries)}, wanted a file named "bootstrap", or index.ts, index.js or index.mjs with a fetch handler`,
	);
}

/** Whether it is the start file, or was meant to be. */
export function isStartFile({ name, kind }: FolderEntry): boolean {
	return name === 'bootstrap' || (kind === 'file' && NEAR_NAME.test(name));
}

/** `bytes` is the whole file. Answers null, or the error ERR_BOOTSTRAP_EMPTY, _BINARY or _CRLF. */
export function judgeBootstrapBytes(bytes: Uint8Array): RuntimeError | null {
	if (bytes.every(isWhiteSpace)) {
		const found = bytes.length === 0 ? 'no bytes' : `nothing but white space (${bytes.length} bytes)`;
		return refusal('ERR_BOOTSTRAP_EMPTY', `found ${found}, wanted the command that starts the function`);
	}
	const binary = binaryKind(bytes);
	if (binary !== null) {
		const wanted = 'wanted a text file that bash runs, such as: exec "$RUNTIME_CODE_ROOT/my-program"';
		return refusal('ERR_BOOTSTRAP_BINARY', `found ${binary}, ${wanted}`);
	}
	const line = carriageReturnLine(bytes);
	if (line !== null) {
		return refusal(
			'ERR_BOOTSTRAP_CRLF',
			`found a carriage return (CRLF) at the end of line ${line}, wanted LF`,
		);
	}
	return null;
}

function judgeKind(entry: FolderEntry): RuntimeError | null {
	switch (entry.kind) {
		case 'file':
			return null;
		case 'directory':
			return refusal('ERR_BOOTSTRAP_NOT_FILE', 'found a directory named "bootstrap", wanted a regular file');
		case 'other':
			return refusal(
				'ERR_BOOTSTRAP_NOT_FILE',
				'found a device, socket, pipe or broken link named "bootstrap", wanted a regular file',
			);
		default:
			return entry.kind satisfies never;
	}
}

/** What bash would refuse with "cannot execute binary file", by bash's own rule; null for a script. */
function binaryKind(bytes: Uint8Array): string | null {
	if (ELF.every((byte, index) => bytes[index] === byte)) return 'a compiled program (ELF)';
	const [first, second] = bytes;
	if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'UTF-16 text';
	// After a shebang bash looks at the second line too.
	let linesLeft = first === 0x23 && second === 0x21 ? 2 : 1;
	for (const byte of bytes.subarray(0, BASH_SAMPLE_BYTES)) {
		if (byte === 0x0a && --linesLeft === 0) return null;
		if (byte === 0) return 'binary content (a NUL byte in its first line)';
	}
	return null;
}

/** The first line, from 1, that ends in CR LF, or in CR at the end of the file. A payload after a NUL is not text. */
function carriageReturnLine(bytes: Uint8Array): number | null {
	const nul = bytes.indexOf(0);
	const text = nul === -1 ? bytes : bytes.subarray(0, nul);
	let line = 1;
	for (let at = 0; at < text.length; at++) {
		if (text[at] === 0x0a) line++;
		if (text[at] !== 0x0d) continue;
		if (text[at + 1] === 0x0a || at + 1 === bytes.length) return line;
	}
	return null;
}

function isWhiteSpace(byte: number): boolean {
	return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

function listed(entries: readonly FolderEntry[]): string {
	if (entries.length === 0) return 'an empty folder';
	const names = entries
		.map((entry) => quote(entry.kind === 'directory' ? `${entry.name}/` : entry.name))
		.sort();
	const more = names.length - NAMES_SHOWN_MAX;
	return names.slice(0, NAMES_SHOWN_MAX).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function refusal(code: ErrorCode, found: string): RuntimeError {
	return new RuntimeError(code, `Could not use the start file bootstrap: ${found}`);
}

function quote(text: string): string {
	return JSON.stringify(text);
}
