/** Where a listening descriptor is bound, by getsockname: Bun does not tell. */
import { libc } from './libc.ts';
import type { BoundPlace } from './listener.ts';
import { readSocketAddress } from './socket-address.ts';

const AF_UNIX = 1;
/** Longer than any address of these families. */
const ADDRESS_BYTES = 128;

/** Throws an Error with code ENOTSOCK where it is no such socket, or the C library can not be asked. */
export function boundPlace(fd: number): BoundPlace {
	const address = Buffer.alloc(ADDRESS_BYTES);
	const length = Buffer.alloc(4);
	length.writeUInt32LE(ADDRESS_BYTES);
	const library = libc();
	if (library === null || library.getsockname(fd, address, length) !== 0)
		throw Object.assign(new Error('not a socket'), { code: 'ENOTSOCK' });
	const internet = readSocketAddress(address);
	if (internet !== null) return { kind: 'tcp', host: internet.address, port: internet.port };
	const family = address.readUInt16LE(0);
	if (family === AF_UNIX) return { kind: 'unix', path: unixPath(address, length.readUInt32LE()) };
	throw Object.assign(new Error(`a socket of the address family ${family}`), { code: 'ENOTSOCK' });
}

/** A name without a file begins with a zero, which is written as "@". */
function unixPath(address: Buffer, length: number): string {
	return address.subarray(2, length).toString().replace(/^\0/, '@').replace(/\0.*$/s, '');
}
