/**
 * Where no folder can be written, as on a read-only system, root has one in memory: this program replaces itself, once, by itself in a mount
 * namespace in which /tmp is a new tmpfs. Nobody else sees it, and it goes with the last process in there.
 */
import { statSync } from 'node:fs';
import { cString, libc } from '../engine/libc.ts';
import { ownCommandLine, replaceProgram } from '../engine/replace-program.ts';

/** The folder that is in memory: the one attempt has been made. */
const OUTCOME_VARIABLE = '_HTTPFN_PRIVATE_MEMORY';
/** None of them could be written, so nothing is lost in hiding what is in it. */
const FOLDERS = ['/tmp', '/run', '/dev/shm'];
const CLONE_NEWNS = 0x20000;
const MS_NOSUID_NODEV = 0x6;
const MS_REC_PRIVATE = 0x44000;

/** This is the program that was started in its own place. */
export function isPrivateMemory(host: Readonly<Record<string, string>>): boolean {
	return host[OUTCOME_VARIABLE] !== undefined;
}

/** Does not return where it succeeds: the same command line runs again, with the same environment. */
export function enterPrivateMemory(host: Readonly<Record<string, string>>): void {
	const calls = libc();
	const folder = FOLDERS.find(isFolder);
	if (calls === null || folder === undefined || host[OUTCOME_VARIABLE] !== undefined) return;
	// In the new namespace the path of this executable may be said as from another root.
	const command = ownCommandLine();
	if (calls.unshare(CLONE_NEWNS) !== 0) return;
	if (calls.mount(cString('none'), cString('/'), null, MS_REC_PRIVATE, null) !== 0) return;
	const [type, at, mode] = [cString('tmpfs'), cString(folder), cString('mode=1777')];
	if (calls.mount(type, at, type, MS_NOSUID_NODEV, mode) !== 0) return;
	replaceProgram(calls, command, { ...host, [OUTCOME_VARIABLE]: folder });
}

function isFolder(path: string): boolean {
	try {
		return statSync(path).isDirectory();
	} catch {
		return false;
	}
}
