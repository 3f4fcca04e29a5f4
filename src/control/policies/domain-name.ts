import { domainToASCII } from 'node:url';

const LABELS = /^(?:\*\.)?(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))+$/;
/** Names that lead to groups by themselves. */
const RESERVED = /(?:^|\.)(?:localhost|(?:apig|apic)\.[a-z0-9-]+\.huaweicloudapis\.com)$/;
const CHARACTERS_MAX = 253;

/** As a client sends it, in lower case and ASCII (IDNA), `*.` for its first label perhaps; null: it is no domain name that can be bound. */
export function domainName(text: string): string | null {
	const wildcard = text.startsWith('*.') ? '*.' : '';
	const name = wildcard + domainToASCII(text.slice(wildcard.length));
	if (name.length > CHARACTERS_MAX || !LABELS.test(name) || RESERVED.test(name)) return null;
	// The last label of an address is a number.
	return /\.\d+$/.test(name) ? null : name;
}
