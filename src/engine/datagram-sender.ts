/** Datagrams to one Unix socket, by calls of the C library: no engine has Unix sockets that carry datagrams. */
import { libc } from './libc.ts';

const AF_UNIX = 1;
/** Of datagrams, closed by a program that replaces this one, and never waiting. */
const KIND = 2 | 0o2000000 | 0o4000;
const MSG_NOSIGNAL = 0x4000;
/** A socket's address has room for so much, the zero at a path's end included (unix(7)). */
const PATH_BYTES_MAX = 107;

export interface DatagramSender {
	/** Answers false where the system refuses: nobody is there, or there is no room right now. Never waits. */
	send(text: string): boolean;
	/** Twice is harmless. */
	close(): void;
}

/** `place` is an absolute path, or `@` and a name without a file. Null where it is neither, or the C library can not be asked. */
export function openDatagramSender(place: string): DatagramSender | null {
	const calls = libc();
	const address = unixAddress(place);
	if (calls === null || address === null) return null;
	const fd = calls.socket(AF_UNIX, KIND, 0);
	if (fd < 0) return null;
	let open = true;
	return {
		send: (text) => {
			const bytes = Buffer.from(text);
			return (
				open && calls.sendto(fd, bytes, bytes.length, MSG_NOSIGNAL, address, address.length) === bytes.length
			);
		},
		close: () => {
			if (open) calls.close(fd);
			open = false;
		},
	};
}

function unixAddress(place: string): Buffer | null {
	const named = place.startsWith('/');
	if (!(named || (place.startsWith('@') && place.length > 1)) || place.includes('\0')) return null;
	const name = Buffer.from(named ? `${place}\0` : `\0${place.slice(1)}`);
	if (name.length > PATH_BYTES_MAX + 1) return null;
	const family = Buffer.alloc(2);
	family.writeUInt16LE(AF_UNIX);
	return Buffer.concat([family, name]);
}
