import fs from 'node:fs';

/** Says messages into a pipe, a line each. That nobody hears them is no failure here: whoever waits for an answer sees the other end closed. */
export class MessageWriter<Message extends object> {
	/** Null: closed, and the number may be somebody else's. */
	#fd: number | null;

	/** Takes over the descriptor. */
	constructor(fd: number) {
		this.#fd = fd;
	}

	tell(message: Message): void {
		if (this.#fd === null) return;
		try {
			fs.writeSync(this.#fd, `${JSON.stringify(message)}\n`);
		} catch {
			// Nobody is there.
		}
	}

	/** Nothing is told any more. Twice is harmless. */
	close(): void {
		if (this.#fd !== null) fs.closeSync(this.#fd);
		this.#fd = null;
	}
}
