/** The kernel's table of listening TCP sockets: /proc/net/tcp and tcp6. */
import { readdirSync, readlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { endianness } from 'node:os';

export interface ListeningSocket {
	/** As text: 127.0.0.1, ::1, :: */
	readonly address: string;
	readonly port: number;
	/** Identifies the socket until it is closed. */
	readonly inode: string;
}

/** Those of the network namespace that process `of` is in. Null where there is no such table to read. */
export async function listeningSockets(of: number | 'self' = 'self'): Promise<ListeningSocket[] | null> {
	const tables = await Promise.all([readTable(`/proc/${of}/net/tcp`), readTable(`/proc/${of}/net/tcp6`)]);
	if (tables.every((table) => table === null)) return null;
	return tables.flatMap((table) => parseSocketTable(table ?? ''));
}

/** Rows in state 0A (LISTEN): `sl local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode …`. */
export function parseSocketTable(table: string): ListeningSocket[] {
	const sockets: ListeningSocket[] = [];
	const row = /^ *\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} 0A (?:\S+ +){5}(\d+)/gm;
	for (const [, address = '', port = '', inode = ''] of table.matchAll(row)) {
		sockets.push({ address: addressText(address), port: Number.parseInt(port, 16), inode });
	}
	return sockets;
}

/** Inodes of the sockets that a process has open; empty where it may not be asked. */
export function socketInodes(pid: number): Set<string> {
	const inodes = new Set<string>();
	try {
		for (const fd of readdirSync(`/proc/${pid}/fd`)) {
			const inode = /^socket:\[(\d+)\]$/.exec(linkTarget(`/proc/${pid}/fd/${fd}`))?.[1];
			if (inode !== undefined) inodes.add(inode);
		}
	} catch {
		// Gone, or another user's.
	}
	return inodes;
}

/** `host:port` as in a URL: IPv6 addresses stand in brackets. */
export function hostPort(address: string, port: number): string {
	return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function linkTarget(path: string): string {
	try {
		return readlinkSync(path);
	} catch {
		return '';
	}
}

async function readTable(path: string): Promise<string | null> {
	try {
		return await readFile(path, 'latin1');
	} catch {
		return null;
	}
}

/** The kernel prints an address as 32-bit words in the byte order of the machine. */
function addressText(hex: string): string {
	const bytes = Buffer.from(hex, 'hex');
	if (endianness() === 'LE') bytes.swap32();
	if (bytes.length === 4) return bytes.join('.');
	const words = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
	// The URL parser shortens an IPv6 address by the rules of RFC 5952.
	return new URL(`http://[${words.join(':')}]`).hostname.slice(1, -1);
}
