import net from 'node:net';

/** Where a listener binds. `host` is a name or an address, without brackets. */
export interface ListenAddress {
	readonly host: string;
	/** 0 picks a free port. */
	readonly port: number;
}

const PORT_MAX = 65_535;

/** Reads HOST:PORT or [IPV6]:PORT; null where the text is neither. */
export function parseListenAddress(text: string): ListenAddress | null {
	const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)):(\d{1,5})$/.exec(text);
	if (match === null) return null;
	const [, six, name, digits] = match;
	const port = Number(digits);
	if (port > PORT_MAX) return null;
	if (six !== undefined) return net.isIPv6(six) ? { host: six, port } : null;
	// Digits and dots that are no address would be looked up as a name, and fail much later.
	if (name === undefined || (/^[\d.]+$/.test(name) && !net.isIPv4(name))) return null;
	return { host: name, port };
}

/** The URL under which a listener answers on this machine. */
export function listenUrl({ host, port }: ListenAddress): string {
	const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
	return `http://${net.isIPv6(reachable) ? `[${reachable}]` : reachable}:${port}`;
}

export function isLoopback(host: string): boolean {
	return host === 'localhost' || host === '::1' || (net.isIPv4(host) && host.startsWith('127.'));
}
