/**
 * Frames on their way to a connection: as few writes as possible, and no large payload copied. A small payload becomes text once
 * another frame follows it, so that the answers to many requests leave together.
 */
import type { Connection } from '../../engine/connection.ts';

/** Payloads up to this are cheaper to copy than to write apart. */
const SMALL_BYTES = 4096;
/** Text that is written without waiting for more. */
const TEXT_CHARS_MAX = 32 * 1024;

export class OutputBatch {
	readonly #connection: Connection;
	#text = '';
	#slice: Buffer | null = null;
	/** False: the connection takes no more for now. */
	#taken = true;

	constructor(connection: Connection) {
		this.#connection = connection;
	}

	/** Adds Latin-1 text and bytes that follow it. False: add no more, and end the batch. */
	add(text: string, slice: Buffer | null): boolean {
		const waiting = this.#slice;
		if (waiting !== null) {
			if (waiting.length <= SMALL_BYTES) {
				this.#text += waiting.toString('latin1');
				this.#slice = null;
			} else {
				this.#write();
			}
		}
		this.#text += text;
		this.#slice = slice;
		if (this.#text.length > TEXT_CHARS_MAX) this.#write();
		return this.#taken;
	}

	/** Writes what is left. Answers as `add`, for the whole batch, and begins the next one. */
	end(): boolean {
		if (this.#text !== '') this.#write();
		const taken = this.#taken;
		this.#taken = true;
		return taken;
	}

	#write(): void {
		const [text, slice] = [this.#text, this.#slice];
		this.#text = '';
		this.#slice = null;
		this.#taken = this.#connection.writeHead(text, slice) && this.#taken;
	}
}
