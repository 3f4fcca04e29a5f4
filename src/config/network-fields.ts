/** Where the gateway listens, and who may speak for others. */
import * as z from 'zod/mini';
import { type AddressBlock, parseBlock } from '../base/address-block.ts';
import type { Field } from './field.ts';
import { text } from './field-makers.ts';
import { isListenText } from './listen-points.ts';

const blocks = () => z.string().check(z.refine((value) => addressBlocks(value) !== null));
const BLOCKS_WANTED = 'addresses or CIDR blocks, separated by commas';

export const NETWORK_FIELDS = {
	listen: text(
		'Gateway',
		'listen',
		'PLACE,…',
		() => z.string().check(z.refine(isListenText)),
		'127.0.0.1:8080',
		{
			wanted:
				'HOST:PORT or [IPV6]:PORT with a port from 0 to 65535, unix:/PATH, fd:NUMBER from 3 or systemd, each with http:// or https:// before it if it is to be said; several separated by commas',
			sentence:
				'Where clients connect; port 0 picks a free one, systemd takes the sockets of its socket unit. With certificates https, but for Unix sockets.',
			example: '0.0.0.0:443,http://127.0.0.1:8080',
		},
	),
	trustedProxies: text('Gateway', 'trusted-proxies', 'CIDR,…', blocks, '', {
		fallbackText: 'none',
		wanted: BLOCKS_WANTED,
		sentence:
			'Proxies in front whose X-Forwarded-For and X-Forwarded-Proto are believed; those of anybody else are dropped.',
		example: '127.0.0.1,10.0.0.0/8',
	}),
	proxyProtocol: text('Gateway', 'proxy-protocol', 'CIDR,…', blocks, '', {
		fallbackText: 'none',
		wanted: BLOCKS_WANTED,
		sentence:
			'Peers whose connections begin with a header of the PROXY protocol, version 1 or 2; they have to send one.',
		example: '10.0.0.5',
	}),
} as const satisfies Record<string, Field>;

/** Null where a part of the text is no block of addresses. */
export function addressBlocks(text: string): readonly AddressBlock[] | null {
	const parts = text.split(',').map((part) => part.trim());
	const blocks = parts.filter((part) => part !== '').map(parseBlock);
	return blocks.includes(null) ? null : blocks.filter((block) => block !== null);
}
