/** Where the processes of an instance do listen: what a function's author must know when its port stays closed. */
import { hostPort, listeningSockets, socketInodes } from './socket-table.ts';
import { groupMembers, markedProcesses } from './survivors.ts';

/**
 * "it is listening on [::1]:8000", "it is listening on port 3000 (0.0.0.0:3000)", "it listens nowhere". Empty where
 * the system has no table to read it from.
 */
export async function listeningPlaces(pid: number, marker: string, wantedPort: number): Promise<string> {
	const sockets = await listeningSockets();
	if (sockets === null) return '';
	const inodes = new Set<string>();
	for (const identity of [...groupMembers(pid), ...markedProcesses(marker)]) {
		for (const inode of socketInodes(identity.pid)) inodes.add(inode);
	}
	const places = sockets
		.filter(({ inode }) => inodes.has(inode))
		.map(({ address, port }) => {
			const place = hostPort(address, port);
			return port === wantedPort ? place : `port ${port} (${place})`;
		});
	if (places.length === 0) return 'it listens nowhere';
	return `it is listening on ${[...new Set(places)].join(', ')}`;
}
