/** Who listens on a port of 127.0.0.1. */
import net from 'node:net';
import { LIMITS } from '../contract/limits.ts';
import { MARKER_NAME, markerOwner } from './instance-marker.ts';
import { environmentValue, processIds, processName } from './process-table.ts';
import type { ListeningSocket } from './socket-table.ts';
import { hostPort, listeningSockets, socketInodes } from './socket-table.ts';

/**
 * A phrase that names what listens where a function's port should be free ("python3 (pid 7) on 0.0.0.0:8000"); null
 * when 127.0.0.1:port is free. Elsewhere than on Linux the holder is known to exist, and has no name.
 */
export async function portHolder(port: number): Promise<string | null> {
	const holder = await findHolder(port);
	if (holder === null) return null;
	if (holder === 'unnamed') return `another program on ${hostPort(LIMITS.functionHost, port)}`;
	return `${ownerName(holder.inode)} on ${hostPort(holder.address, port)}`;
}

/** Whether anything listens on 127.0.0.1:port; it is not connected to where the kernel's table tells. */
export async function isPortHeld(port: number): Promise<boolean> {
	return (await findHolder(port)) !== null;
}

async function findHolder(port: number): Promise<ListeningSocket | 'unnamed' | null> {
	const sockets = await listeningSockets();
	if (sockets === null) return (await accepts(port)) ? 'unnamed' : null;
	for (const socket of sockets) {
		if (socket.port !== port || !COVERS_LOOPBACK.has(socket.address)) continue;
		// Whether an IPv6 socket takes IPv4 too is not in the table: only trying tells.
		if (socket.address !== '::' || (await accepts(port))) return socket;
	}
	return null;
}

const COVERS_LOOPBACK: ReadonlySet<string> = new Set([
	'127.0.0.1',
	'0.0.0.0',
	'::',
	'::ffff:7f00:1',
	'::ffff:0:0',
]);

function ownerName(inode: string): string {
	for (const pid of processIds()) {
		if (!socketInodes(pid).has(inode)) continue;
		const marker = environmentValue(pid, MARKER_NAME);
		const owner = marker === null ? null : markerOwner(marker);
		const started = owner === null ? '' : `, started by httpfn (pid ${owner.pid})`;
		return `${processName(pid)} (pid ${pid}${started})`;
	}
	return 'another program (of another user)';
}

function accepts(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = net.connect({ host: LIMITS.functionHost, port });
		socket.once('connect', () => {
			socket.destroy();
			resolve(true);
		});
		socket.once('error', () => resolve(false));
	});
}
