/** The descriptors of this process that it listens on: no engine tells them, the kernel does. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { BoundPlace } from '../engine/listener.ts';
import { listeningSockets } from './socket-table.ts';

const FOLDER = '/proc/self/fd';

/** One for each place, in their order; null where none is found that is certain to be it. */
export async function listeningDescriptors(
	places: readonly BoundPlace[],
): Promise<readonly (number | null)[]> {
	const own = ownSockets();
	const tcp = ((await listeningSockets()) ?? []).filter(({ inode }) => own.has(inode));
	const unix = listeningUnixSockets();
	return places.map((place) => {
		const inode = place.kind === 'unix' ? unix.get(place.path) : tcpInode(tcp, place);
		return (inode === undefined ? undefined : own.get(inode)) ?? null;
	});
}

/** An engine may tell an address in another spelling, or a name: a port that only one socket has is certain all the same. */
function tcpInode(
	sockets: readonly { readonly address: string; readonly port: number; readonly inode: string }[],
	{ host, port }: Extract<BoundPlace, { kind: 'tcp' }>,
): string | undefined {
	const there = sockets.filter((socket) => socket.port === port);
	const exact = there.filter(({ address }) => address === host);
	const [found, second] = exact.length > 0 ? exact : there;
	return second === undefined ? found?.inode : undefined;
}

/** Descriptors by inode. */
function ownSockets(): ReadonlyMap<string, number> {
	const found = new Map<string, number>();
	for (const name of readdirSync(FOLDER)) {
		try {
			const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`${FOLDER}/${name}`))?.[1];
			if (inode !== undefined) found.set(inode, Number(name));
		} catch {
			// Closed meanwhile: it is the one that the folder is read by.
		}
	}
	return found;
}

/** Rows whose flags say that they accept: `Num RefCount Protocol Flags Type St Inode Path`; inodes by path. */
function listeningUnixSockets(): ReadonlyMap<string, string> {
	const found = new Map<string, string>();
	const row = /^[0-9a-f]+: \S+ \S+ 00010000 0001 01 +(\d+) (.+)$/gim;
	try {
		for (const [, inode = '', path = ''] of readFileSync('/proc/self/net/unix', 'latin1').matchAll(row))
			found.set(path, inode);
	} catch {
		// Not told here.
	}
	return found;
}
