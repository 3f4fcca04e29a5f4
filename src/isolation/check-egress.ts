import { contains, knownBlock, parseBlock, startsBlock } from '../base/address-block.ts';
import { once } from '../base/once.ts';
import type { EgressSettings } from '../contract/sandbox-settings.ts';
import { parseEgressRule } from './egress-rule.ts';

const noSource = once(() => ['0.0.0.0/8', '224.0.0.0/3', '::', 'ff00::/8'].map(knownBlock));

/** The mistakes in where a function may connect to, in words: what was found, what was wanted. */
export function checkEgress({ mode, allow, publicSource }: EgressSettings): string[] {
	const mistakes = allow.flatMap(checkRule);
	if (mode === 'none' && allow.length > 0) {
		mistakes.push('found entries in allow with the mode none, wanted no entries, or the mode allow');
	}
	if (publicSource !== null && !isSource(publicSource)) {
		mistakes.push(
			`found ${JSON.stringify(publicSource)} as the public source, wanted an address of this host`,
		);
	}
	return mistakes;
}

function checkRule(text: string): string[] {
	const found = `found ${JSON.stringify(text)} in allow`;
	const rule = parseEgressRule(text);
	if (rule === null) {
		const wanted = 'an address, a CIDR block, a name or *.name, with :port behind it where only one is meant';
		return [`${found}, wanted ${wanted} (IPv6 in brackets then)`];
	}
	if (rule.kind === 'block' && !startsBlock(rule.block)) {
		return [`${found}, wanted the first address of the block before the slash`];
	}
	return [];
}

function isSource(text: string): boolean {
	const block = parseBlock(text);
	return block !== null && !text.includes('/') && !noSource().some((none) => contains(none, block));
}
