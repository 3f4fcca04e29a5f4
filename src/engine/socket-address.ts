/** struct sockaddr_in and struct sockaddr_in6. */
import { addressText } from '../base/address-text.ts';

export interface SocketAddress {
	/** `10.1.2.3`, `2001:db8::1` */
	readonly address: string;
	readonly port: number;
}

export const AF_INET = 2;
export const AF_INET6 = 10;
/** Of struct sockaddr_in6, the larger. */
export const SOCKET_ADDRESS_BYTES_MAX = 28;

/** What the 16 bytes of an IPv4 address in IPv6 begin with (RFC 4291 section 2.5.5.2). */
const MAPPED = Buffer.from('00000000000000000000ffff', 'hex');

/** `address`: the 4 or 16 bytes of it. */
export function socketAddress(address: readonly number[], port: number): Buffer {
	const large = address.length === 16;
	const bytes = Buffer.alloc(large ? SOCKET_ADDRESS_BYTES_MAX : 16);
	bytes.writeUInt16LE(large ? AF_INET6 : AF_INET, 0);
	bytes.writeUInt16BE(port, 2);
	bytes.set(address, large ? 8 : 4);
	return bytes;
}

/** Null where it is neither. */
export function readSocketAddress(bytes: Buffer): SocketAddress | null {
	const family = bytes.readUInt16LE(0);
	const port = bytes.readUInt16BE(2);
	if (family === AF_INET) return { address: addressText(bytes.subarray(4, 8)), port };
	if (family !== AF_INET6 || bytes.length < SOCKET_ADDRESS_BYTES_MAX) return null;
	return { address: addressText(bytes.subarray(8, 24)), port };
}

/** Of a peer, as every engine writes it: an IPv4 address in IPv6 as `::ffff:10.1.2.3`, a Unix socket's as ''. */
export function peerAddress(bytes: Buffer): SocketAddress {
	const mapped = bytes.readUInt16LE(0) === AF_INET6 && MAPPED.compare(bytes, 8, 20) === 0;
	if (!mapped) return readSocketAddress(bytes) ?? { address: '', port: 0 };
	return { address: `::ffff:${addressText(bytes.subarray(20, 24))}`, port: bytes.readUInt16BE(2) };
}
