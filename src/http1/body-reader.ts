/** Finds the end of a body, whichever way its length is told (RFC 9112 section 6.3). */
import type { BodySink } from './chunked-decoder.ts';
import { ChunkedDecoder } from './chunked-decoder.ts';
import { partOf } from './part-of.ts';

export interface BodyReader {
	readonly done: boolean;
	/** Reads from `from`; answers the index after the last byte of the body. Throws a ProtocolFault. */
	read(bytes: Buffer, from: number, sink: BodySink): number;
	/** The peer closed its side. True where that ends the body, false where the body was cut short. */
	end(): boolean;
}

/** A body of exactly `length` bytes. */
export class SizedBody implements BodyReader {
	#left: number;

	constructor(length: number) {
		this.#left = length;
	}

	get done(): boolean {
		return this.#left === 0;
	}

	read(bytes: Buffer, from: number, sink: BodySink): number {
		const end = Math.min(bytes.length, from + this.#left);
		if (end > from) {
			this.#left -= end - from;
			sink(partOf(bytes, from, end));
		}
		return end;
	}

	end(): boolean {
		return this.#left === 0;
	}
}

export class ChunkedBody implements BodyReader {
	readonly #decoder = new ChunkedDecoder();

	get done(): boolean {
		return this.#decoder.done;
	}

	read(bytes: Buffer, from: number, sink: BodySink): number {
		return this.#decoder.read(bytes, from, sink);
	}

	end(): boolean {
		return this.#decoder.done;
	}
}

/** A response that lasts until its connection is closed. */
export class CloseDelimitedBody implements BodyReader {
	#ended = false;

	get done(): boolean {
		return this.#ended;
	}

	read(bytes: Buffer, from: number, sink: BodySink): number {
		if (from < bytes.length) sink(partOf(bytes, from, bytes.length));
		return bytes.length;
	}

	end(): boolean {
		this.#ended = true;
		return true;
	}
}
