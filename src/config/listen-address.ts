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
	if (six !== undefined) return isIpv6(six) ? { host: six, port } : null;
	// Digits and dots that are no address would be looked up as a name, and fail much later.
	if (name === undefined || (/^[\d.]+$/.test(name) && !isIpv4(name))) return null;
	return { host: name, port };
}

/** The URL under which a plain listener answers on this machine. */
export function listenUrl({ host, port }: ListenAddress): string {
	const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
	return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

// node:net knows both, and takes milliseconds to load where the engine has sockets of its own.
function isIpv4(text: string): boolean {
	const parts = text.split('.');
	return (
		parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
	);
}

function isIpv6(text: string): boolean {
	return URL.canParse(`http://[${text}]/`);
}
