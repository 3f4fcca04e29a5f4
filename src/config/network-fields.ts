/** Who may speak for others. */
import * as z from 'zod/mini';
import { type AddressBlock, parseBlock } from '../base/address-block.ts';
import type { Field } from './field.ts';
import { text } from './field-makers.ts';

export const NETWORK_FIELDS = {
	trustedProxies: text(
		'Gateway',
		'trusted-proxies',
		'CIDR,…',
		() => z.string().check(z.refine((value) => addressBlocks(value) !== null)),
		'',
		{
			fallbackText: 'none',
			wanted: 'addresses or CIDR blocks, separated by commas',
			sentence:
				'Proxies in front whose X-Forwarded-For and X-Forwarded-Proto are believed; those of anybody else are dropped.',
			example: '127.0.0.1,10.0.0.0/8',
		},
	),
} as const satisfies Record<string, Field>;

/** Null where a part of the text is no block of addresses. */
export function addressBlocks(text: string): readonly AddressBlock[] | null {
	const parts = text.split(',').map((part) => part.trim());
	const blocks = parts.filter((part) => part !== '').map(parseBlock);
	return blocks.includes(null) ? null : blocks.filter((block) => block !== null);
}
