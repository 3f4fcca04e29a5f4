/**
 * Who uses an unpacked folder: a lock of the kernel on the folder itself, which goes with the process. Those who clean up /tmp (tmpfiles.d)
 * leave a folder alone that is locked so. Where the C library can not be called, every lock is given and nothing is known of others.
 */
import { closeSync, fstatSync, openSync, statSync } from 'node:fs';
import { libc } from '../engine/libc.ts';

const LOCK_SH = 1;
const LOCK_EX = 2;
const LOCK_NB = 4;

export class FolderUse {
	readonly #descriptor: number;

	private constructor(descriptor: number) {
		this.#descriptor = descriptor;
	}

	/** Beside others who use it. Null where it is being removed, or is gone. */
	static share(folder: string): FolderUse | null {
		return lock(folder, LOCK_SH, (descriptor) => new FolderUse(descriptor));
	}

	/** Null where somebody uses it, or nobody can tell. */
	static alone(folder: string): FolderUse | null {
		return libc() === null ? null : lock(folder, LOCK_EX, (descriptor) => new FolderUse(descriptor));
	}

	/** From a share, which is lost where it fails. */
	becomeAlone(): boolean {
		const calls = libc();
		return calls === null || calls.flock(this.#descriptor, LOCK_EX | LOCK_NB) === 0;
	}

	/** Not needed at the end of the process. */
	release(): void {
		closeSync(this.#descriptor);
	}
}

function lock(folder: string, mode: number, made: (descriptor: number) => FolderUse): FolderUse | null {
	let descriptor: number;
	try {
		descriptor = openSync(folder, 'r');
	} catch {
		return null;
	}
	const calls = libc();
	// Between opening and locking it may have been replaced.
	if ((calls === null || calls.flock(descriptor, mode | LOCK_NB) === 0) && isStill(descriptor, folder)) {
		return made(descriptor);
	}
	closeSync(descriptor);
	return null;
}

function isStill(descriptor: number, folder: string): boolean {
	try {
		return fstatSync(descriptor).ino === statSync(folder).ino;
	} catch {
		return false;
	}
}
