/** One entry of what a function may reach. */
import { type AddressBlock, parseBlock } from '../base/address-block.ts';
import { HOST_NAME } from './host-name.ts';

export type EgressRule =
	| { readonly kind: 'block'; readonly block: AddressBlock; readonly port: number | null }
	| {
			readonly kind: 'name';
			/** Lower case, without a final dot. */
			readonly name: string;
			/** `*.name`: all names below it, and not the name itself. */
			readonly below: boolean;
			readonly port: number | null;
	  };

const NAME_CHARACTERS_MAX = 253;
/** A name that ends in a number is an address, or meant to be one. */
const NAME =
	/^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*(?!\d+$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
const HOST_LOOPBACK = '127.0.0.1';

/** Null where it is none. */
export function parseEgressRule(text: string): EgressRule | null {
	const split = splitPort(text);
	if (split === null) return null;
	const { port } = split;
	const host = split.host === HOST_NAME ? HOST_LOOPBACK : split.host;
	const block = parseBlock(host);
	if (block !== null) return { kind: 'block', block, port };
	const below = host.startsWith('*.');
	const name = (below ? host.slice(2) : host).toLowerCase().replace(/\.$/, '');
	if (name.length > NAME_CHARACTERS_MAX || !NAME.test(name)) return null;
	return { kind: 'name', name, below, port };
}

/** `host`, `host:port`, `IPv6`, `[IPv6]:port` */
function splitPort(text: string): { readonly host: string; readonly port: number | null } | null {
	const parts = /^(?:\[([0-9a-f:./]*)\]|([^[\]:]*))(?::([1-9]\d{0,4}))?$/i.exec(text);
	if (parts === null) return /^[0-9a-f:./]*:[0-9a-f:./]*:/i.test(text) ? { host: text, port: null } : null;
	const [, six, host, port] = parts;
	if (six !== undefined && !six.includes(':')) return null;
	if (Number(port ?? 1) > 0xffff) return null;
	return { host: six ?? host ?? '', port: port === undefined ? null : Number(port) };
}
