/** Blocks of addresses, an address being the smallest. Those that carry an IPv4 address are taken for that address. */
import { assert } from './assert.ts';
import { once } from './once.ts';

export interface AddressBlock {
	/** 4 or 16. */
	readonly bytes: readonly number[];
	/** How many of the leading bits count. */
	readonly bits: number;
}

/** Longer text is no address: 39 characters, and those of a prefix. */
const TEXT_CHARACTERS_MAX = 64;
const FOUR_BITS = 32;
const SIX_GROUPS = 8;

/** Prefixes in front of an IPv4 address: mapped, translated (RFC 2765), NAT64, 6to4, and compatible. */
const carriers = once(() =>
	['::ffff:0:0/96', '::ffff:0:0:0/96', '64:ff9b::/96', '2002::/16', '::/96'].map(knownPlain),
);
/** In ::/96, but addresses in their own right. */
const ownRight = once(() => ['::/128', '::1/128'].map(knownPlain));

/** `10.0.0.0/8`, `10.1.2.3`, `fd00::/8`, `::1`; null where it is neither. */
export function parseBlock(text: string): AddressBlock | null {
	const plain = parsePlain(text);
	return plain === null ? null : meaning(plain);
}

/** The bytes of one address as it is written, 4 or 16; null where it is none. What it may carry is not looked at. */
export function addressBytes(text: string): readonly number[] | null {
	return text.includes('/') ? null : (parsePlain(text)?.bytes ?? null);
}

/** Of a block that is written in code. */
export function knownBlock(text: string): AddressBlock {
	return meaning(knownPlain(text));
}

/** False where bits are set that do not count. */
export function startsBlock({ bytes, bits }: AddressBlock): boolean {
	return bytes.every((byte, index) => (byte & ~maskOf(bits, index) & 0xff) === 0);
}

/** Whether all of `inner` is in `outer`. */
export function contains(outer: AddressBlock, inner: AddressBlock): boolean {
	if (outer.bytes.length !== inner.bytes.length || inner.bits < outer.bits) return false;
	return outer.bytes.every(
		(byte, index) => ((byte ^ (inner.bytes[index] ?? 0)) & maskOf(outer.bits, index)) === 0,
	);
}

function maskOf(bits: number, index: number): number {
	const counting = Math.min(8, Math.max(0, bits - index * 8));
	return (0xff << (8 - counting)) & 0xff;
}

function meaning(block: AddressBlock): AddressBlock {
	if (block.bytes.length === 4 || ownRight().some((own) => contains(own, block))) return block;
	const carrier = carriers().find((prefix) => contains(prefix, block));
	if (carrier === undefined) return block;
	const start = carrier.bits / 8;
	return {
		bytes: block.bytes.slice(start, start + 4),
		bits: Math.min(FOUR_BITS, block.bits - carrier.bits),
	};
}

function knownPlain(text: string): AddressBlock {
	const block = parsePlain(text);
	assert(block !== null, `${text} is a block of addresses`);
	return block;
}

function parsePlain(text: string): AddressBlock | null {
	if (text.length > TEXT_CHARACTERS_MAX) return null;
	const [address = '', prefix, ...more] = text.split('/');
	const bytes = address.includes(':') ? parseSix(address) : parseFour(address);
	if (bytes === null || more.length > 0) return null;
	const bitsMax = bytes.length * 8;
	if (prefix === undefined) return { bytes, bits: bitsMax };
	if (!/^(0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > bitsMax) return null;
	return { bytes, bits: Number(prefix) };
}

/** Four decimal numbers. Other readings of such text (octal, fewer parts) differ between programs and are refused. */
function parseFour(text: string): number[] | null {
	const parts = text.split('.');
	if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part))) return null;
	const bytes = parts.map(Number);
	return bytes.every((byte) => byte <= 0xff) ? bytes : null;
}

/** RFC 4291 section 2.2, all three forms. */
function parseSix(text: string): number[] | null {
	const tailStart = text.lastIndexOf(':') + 1;
	const four = text.includes('.') ? parseFour(text.slice(tailStart)) : [];
	if (four === null) return null;
	const [a = 0, b = 0, c = 0, d = 0] = four;
	const tail = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
	const halves = (four.length === 0 ? text : text.slice(0, tailStart) + tail).split('::');
	if (halves.length > 2) return null;
	const [before = [], after = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
	const missing = SIX_GROUPS - before.length - after.length;
	if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
	const groups = [...before, ...Array<string>(missing).fill('0'), ...after];
	if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
	return groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]);
}
