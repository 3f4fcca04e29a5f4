/** The name servers that the host uses. */
import fs from 'node:fs';
import { parseBlock } from '../base/address-block.ts';
import type { SocketAddress } from '../engine/socket-address.ts';

const PORT = 53;
/** As the C library: what comes after the third is ignored (resolv.conf(5)). */
const SERVERS_MAX = 3;
/** And this one is asked where none is named. */
const DEFAULT = '127.0.0.1';

export class HostResolvers {
	readonly #path: string;
	#version = '';
	#servers: readonly SocketAddress[] = read('');

	constructor(path = '/etc/resolv.conf') {
		this.#path = path;
	}

	/** At least one. Read again when the file has changed: a host that moves to another network gets other servers. */
	servers(): readonly SocketAddress[] {
		try {
			const { mtimeMs, ino, size } = fs.statSync(this.#path);
			const version = `${mtimeMs} ${ino} ${size}`;
			if (version === this.#version) return this.#servers;
			this.#servers = read(fs.readFileSync(this.#path, 'latin1'));
			this.#version = version;
		} catch {
			// Missing while it is replaced, or altogether: what is known stays.
		}
		return this.#servers;
	}
}

function read(text: string): SocketAddress[] {
	const named = text.split('\n').flatMap((line) => {
		const [keyword, address = ''] = line.split(/\s+/);
		// With the zone, where a link-local address has one: it is the host that connects.
		return keyword === 'nameserver' && parseBlock(address.replace(/%.*$/, '')) !== null ? [address] : [];
	});
	const addresses = named.length === 0 ? [DEFAULT] : named.slice(0, SERVERS_MAX);
	return addresses.map((address) => ({ address, port: PORT }));
}
