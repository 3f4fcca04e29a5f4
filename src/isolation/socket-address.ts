/** struct sockaddr_in and struct sockaddr_in6. */
export interface SocketAddress {
	/** `10.1.2.3`, `2001:db8::1` */
	readonly address: string;
	readonly port: number;
}

export const AF_INET = 2;
export const AF_INET6 = 10;
/** Of struct sockaddr_in6, the larger. */
export const SOCKET_ADDRESS_BYTES_MAX = 28;

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
	if (family === AF_INET) return { address: bytes.subarray(4, 8).join('.'), port };
	if (family !== AF_INET6 || bytes.length < SOCKET_ADDRESS_BYTES_MAX) return null;
	const groups = bytes.subarray(8, 24).toString('hex').match(/.{4}/g) ?? [];
	// URL writes an address in its short form.
	return { address: new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1), port };
}
