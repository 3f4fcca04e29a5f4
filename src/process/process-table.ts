/**
 * The kernel's list of processes, read from /proc. Reads are synchronous: the files are made up in memory, and a
 * promise for each would cost more than the reading. Elsewhere than on Linux every answer is empty or null.
 */
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';

/** A pid is reused, a pid with its start time is not. */
export interface ProcessIdentity {
	readonly pid: number;
	readonly startTicks: string;
}

interface ProcessStat extends ProcessIdentity {
	/** False for a zombie: it holds nothing any more and waits to be reaped by its parent. */
	readonly living: boolean;
	readonly parentPid: number;
	readonly groupId: number;
}

export const isLinux: boolean = process.platform === 'linux';

/** Environments are read up to here. */
const ENVIRON_BYTES_MAX = 4 * 1024 * 1024;
let buffer = Buffer.allocUnsafe(64 * 1024);

export function processIds(): number[] {
	if (!isLinux) return [];
	const pids: number[] = [];
	for (const name of readdirSync('/proc')) {
		const first = name.charCodeAt(0);
		if (first >= 48 && first <= 57) pids.push(Number(name));
	}
	return pids;
}

/** Null when there is no such process. */
export function processStat(pid: number): ProcessStat | null {
	const bytes = readSmallFile(`/proc/${pid}/stat`);
	if (bytes === null) return null;
	const text = bytes.toString('latin1');
	// The name in parentheses may itself hold spaces and parentheses: fields are counted from the last one.
	const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
	const [state = '', parent = '', group = ''] = fields;
	const startTicks = fields[19];
	if (startTicks === undefined) return null;
	return {
		pid,
		startTicks,
		living: state !== 'Z' && state !== 'X',
		parentPid: Number(parent),
		groupId: Number(group),
	};
}

export function startTicks(pid: number): string | null {
	return processStat(pid)?.startTicks ?? null;
}

/** Null where the process is gone, belongs to another user, or has no such variable. */
export function environmentValue(pid: number, name: string): string | null {
	const bytes = readSmallFile(`/proc/${pid}/environ`);
	if (bytes === null) return null;
	const key = `${name}=`;
	let at = bytes.indexOf(key);
	while (at > 0 && bytes[at - 1] !== 0) at = bytes.indexOf(key, at + 1);
	if (at === -1) return null;
	const end = bytes.indexOf(0, at);
	return bytes.toString('latin1', at + key.length, end === -1 ? bytes.length : end);
}

/** The inode of this process's pid namespace. */
export function ownNamespace(): string | null {
	try {
		return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? null;
	} catch {
		return null;
	}
}

/** False once it is gone, or a zombie that holds nothing any more. */
export function isLiving(identity: ProcessIdentity): boolean {
	const stat = processStat(identity.pid);
	return stat?.living === true && stat.startTicks === identity.startTicks;
}

/** What a person would call the process: the base name of its program, and of its script where there is one. */
export function processName(pid: number): string {
	try {
		const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
			.split('\0')
			.filter((word) => word !== '');
		const program = words[0]?.split('/').at(-1);
		if (program !== undefined && program !== '') return program;
		return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
	} catch {
		return 'another program';
	}
}

/** Ends exactly this process with SIGKILL; false when it is gone or may not be ended. */
export function endProcess(identity: ProcessIdentity): boolean {
	if (startTicks(identity.pid) !== identity.startTicks) return false;
	try {
		process.kill(identity.pid, 'SIGKILL');
		return true;
	} catch {
		return false;
	}
}

/** The bytes are valid until the next call. Null when the file is gone or may not be read. */
function readSmallFile(path: string): Buffer | null {
	let fd: number;
	try {
		fd = openSync(path, 'r');
	} catch {
		return null;
	}
	try {
		let filled = 0;
		for (;;) {
			const bytesRead = readSync(fd, buffer, filled, buffer.length - filled, null);
			filled += bytesRead;
			if (bytesRead === 0 || filled >= ENVIRON_BYTES_MAX) return buffer.subarray(0, filled);
			if (filled === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
		}
	} catch {
		return null;
	} finally {
		closeSync(fd);
	}
}
