/**
 * The Huffman code of HPACK (RFC 7541 appendix B). It is canonical, so that the lengths of its codes tell all of it. Decoding
 * goes by four bits at a time: no code is shorter than five, so that four bits complete one symbol at most.
 */
import { Buffer } from 'node:buffer';
import { connectionFault } from './http2-fault.ts';

/** Bits of the code of each byte, as digits in base 36; the 257th is the sign for the end, which never appears. */
const LENGTHS =
	'dnsssssssoussussssssssusssssssss6aacd68baa8b8666555666666678f6cad67777777777777777777777' +
	'878djde6f56565666577666567655677777fbedskmkkmmmnmnnnnnonoomnonnnnlmnmnnomlkmmnnlnmmolmnn' +
	'llmlnmnnkmmmnmmnqqkjmnmpqqqrrqopjlqrrqrollqqsrrrkoklmllnmmppooqnqrqqrrrrrsrrrrrqu';

/** Each state has sixteen entries: the next state, what it completes, and whether it does. */
const NIBBLES = 16;
const COMPLETES = 1 << 8;
const NEXT_SHIFT = 9;
const FAILED = 0xffff_ffff;
const END_SYMBOL = 256;

interface Machine {
	readonly table: Uint32Array;
	/** 1: text may end here, in at most seven bits that begin the sign for the end. */
	readonly accepting: Uint8Array;
}

let machine: Machine | null = null;

/** Bytes of `block` from `from` to `to` as Latin-1 text. Throws COMPRESSION_ERROR. */
export function decodeHuffman(block: Buffer, from: number, to: number): string {
	machine ??= makeMachine();
	const { table, accepting } = machine;
	// The shortest code has five bits.
	const bytesMax = Math.ceil(((to - from) * 8) / 5);
	if (SCRATCH.length < bytesMax) SCRATCH = Buffer.allocUnsafeSlow(bytesMax);
	const scratch = SCRATCH;
	let length = 0;
	let state = 0;
	for (let at = from; at < to; at++) {
		const byte = block[at] ?? 0;
		const high = table[state * NIBBLES + (byte >> 4)] ?? FAILED;
		if (high === FAILED) throw broken();
		if ((high & COMPLETES) !== 0) scratch[length++] = high & 0xff;
		const low = table[(high >>> NEXT_SHIFT) * NIBBLES + (byte & 15)] ?? FAILED;
		if (low === FAILED) throw broken();
		if ((low & COMPLETES) !== 0) scratch[length++] = low & 0xff;
		state = low >>> NEXT_SHIFT;
	}
	if (accepting[state] !== 1) throw broken();
	return scratch.toString('latin1', 0, length);
}

let SCRATCH = Buffer.allocUnsafeSlow(4096);

function broken(): Error {
	return connectionFault('COMPRESSION_ERROR', 'a Huffman-coded text breaks its code');
}

/** A node of the code's tree: a symbol, or the node for each next bit. */
type Tree = [Tree | number, Tree | number];

function makeMachine(): Machine {
	const root = makeTree();
	const nodes: Tree[] = [];
	const numbers = new Map<Tree, number>();
	const number = (tree: Tree): void => {
		numbers.set(tree, nodes.length);
		nodes.push(tree);
		for (const child of tree) if (typeof child !== 'number') number(child);
	};
	number(root);
	const table = new Uint32Array(nodes.length * NIBBLES);
	for (const [state, node] of nodes.entries()) {
		for (let nibble = 0; nibble < NIBBLES; nibble++) {
			table[state * NIBBLES + nibble] = entryOf(root, node, nibble, numbers);
		}
	}
	const accepting = new Uint8Array(nodes.length);
	let padded: Tree | number = root;
	for (let bits = 0; bits <= 7 && typeof padded !== 'number'; bits++) {
		accepting[numbers.get(padded) ?? 0] = 1;
		padded = padded[1];
	}
	return { table, accepting };
}

function entryOf(root: Tree, from: Tree, nibble: number, numbers: ReadonlyMap<Tree, number>): number {
	let node = from;
	let completed = 0;
	for (let bit = 3; bit >= 0; bit--) {
		const next = node[((nibble >> bit) & 1) as 0 | 1];
		if (next === END_SYMBOL) return FAILED;
		if (typeof next === 'number') {
			completed = COMPLETES | next;
			node = root;
		} else {
			node = next;
		}
	}
	return (((numbers.get(node) ?? 0) << NEXT_SHIFT) | completed) >>> 0;
}

/** Codes of one length follow each other in the order of their symbols, and each length goes on where the last one stopped. */
function makeTree(): Tree {
	const lengths = [...LENGTHS].map((digit) => Number.parseInt(digit, 36));
	const symbols = lengths.map((_, symbol) => symbol);
	symbols.sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b);
	const root: Tree = [END_SYMBOL, END_SYMBOL];
	let code = 0;
	let bits = 0;
	for (const symbol of symbols) {
		const length = lengths[symbol] ?? 0;
		code <<= length - bits;
		bits = length;
		plant(root, code, bits, symbol);
		code++;
	}
	return root;
}

function plant(root: Tree, code: number, bits: number, symbol: number): void {
	let node = root;
	for (let bit = bits - 1; bit > 0; bit--) {
		const side = ((code >> bit) & 1) as 0 | 1;
		let next = node[side];
		if (typeof next === 'number') {
			next = [END_SYMBOL, END_SYMBOL];
			node[side] = next;
		}
		node = next;
	}
	node[(code & 1) as 0 | 1] = symbol;
}
