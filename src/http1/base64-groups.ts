/**
 * Whole groups of Base64, of three bytes or four signs, from bytes to bytes, by the vector instructions of base64.wat. These reach no
 * memory but their own, so that all is copied in and out: in blocks, of which everything stays in the processor's nearest
 * cache. Whoever is first to convert compiles them; all conversions share them, since each is over when its call returns.
 */
import { BASE64_WASM } from './base64-wasm.ts';

export interface Groups {
	/** What was left of earlier bytes: fewer than a group. */
	readonly ahead: Uint8Array;
	readonly bytes: Buffer;
	/** With those ahead, `bytes` from here up to there are whole groups, at least one. */
	readonly from: number;
	readonly to: number;
	/** Signs at the end that are padding, of Base64 that is decoded. */
	readonly padding?: number;
}

/** `into` has room for just what comes out. False where what is decoded holds anything but the alphabet. */
export function convertGroups(kind: 'encode' | 'decode', groups: Groups, into: Buffer): boolean {
	compiled ??= compile();
	const { memory, input, output } = compiled;
	const { ahead, bytes, to, padding = 0 } = groups;
	const blockBytes = BLOCK_GROUPS * (kind === 'encode' ? 3 : 4);
	memory.set(ahead, input);
	let filled = ahead.length;
	for (let read = groups.from, written = 0; read < to; filled = 0) {
		const taken = Math.min(to - read, blockBytes - filled);
		bytes.copy(memory, input + filled, read, read + taken);
		read += taken;
		filled += taken;
		if (kind === 'encode') compiled.encode(filled);
		else if (compiled.decode(read < to ? filled : filled - padding) !== 0) return false;
		const made = kind === 'encode' ? (filled / 3) * 4 : (filled / 4) * 3;
		written += memory.copy(into, written, output, output + made);
	}
	return true;
}

/** As many as fit base64.wat's input and output. */
const BLOCK_GROUPS = 2048;

interface Compiled {
	readonly memory: Buffer;
	/** Where in memory it reads and writes. */
	readonly input: number;
	readonly output: number;
	/** Takes a number of bytes. */
	encode(bytes: number): void;
	/** Takes a number of signs, without padding; answers 0 where all are of the alphabet. */
	decode(signs: number): number;
}

let compiled: Compiled | null = null;

function compile(): Compiled {
	const { Module, Instance } = (globalThis as unknown as WithWebAssembly).WebAssembly;
	const { exports } = new Instance(new Module(Buffer.from(BASE64_WASM, 'base64')));
	const { memory, input, output, encode, decode } = exports;
	return { memory: Buffer.from(memory.buffer), input: input.value, output: output.value, encode, decode };
}

/** What is used of WebAssembly, which the types of neither Node.js nor the language describe. */
interface WithWebAssembly {
	readonly WebAssembly: {
		readonly Module: new (bytes: Uint8Array) => object;
		readonly Instance: new (
			module: object,
		) => {
			readonly exports: Pick<Compiled, 'encode' | 'decode'> & {
				readonly memory: { readonly buffer: ArrayBuffer };
				readonly input: { readonly value: number };
				readonly output: { readonly value: number };
			};
		};
	};
}
