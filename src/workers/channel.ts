/**
 * Messages to another process of this httpfn and back: lines of JSON over a Unix socket. Those of one turn of the event loop leave in
 * one write.
 */
import type { Connection, ConnectionHandler } from '../engine/connection.ts';
import { adopt } from '../engine/sockets.ts';

const LINE_END = 0x0a;

export interface ChannelEnd<In> {
	onMessage(message: In): void;
	/** What came is no message, or `onMessage` threw: nothing more is heard, and `onClose` follows. */
	onFault(error: unknown): void;
	/** The other process is gone, or has closed its end; once. */
	onClose(): void;
}

export class Channel<In, Out> {
	readonly #connection: Connection;
	readonly #end: ChannelEnd<In>;
	#waiting: string[] = [];
	#waitingBytes = 0;
	#scheduled = false;
	/** The other process has not read what was written. */
	#full = false;
	#finishing = false;
	/** Of a line that has not come whole. */
	#rest: Buffer[] = [];

	/** Takes the descriptor over. */
	constructor(descriptor: number, end: ChannelEnd<In>) {
		this.#end = end;
		const handler: ConnectionHandler = {
			onData: (bytes) => this.#hear(bytes),
			onDrain: () => {
				this.#full = false;
				this.#flush();
			},
			onEnd: () => this.close(),
			onClose: () => end.onClose(),
		};
		this.#connection = adopt(descriptor, handler, () => {});
	}

	/** Characters that wait because the other process does not read. */
	get backlog(): number {
		return this.#waitingBytes;
	}

	send(message: Out): void {
		const line = JSON.stringify(message);
		this.#waiting.push(line);
		this.#waitingBytes += line.length;
		if (this.#scheduled) return;
		this.#scheduled = true;
		setImmediate(() => this.#flush());
	}

	/** Sends what waits, however long that takes, and nothing more; the other process closes then. */
	finish(): void {
		this.#finishing = true;
		this.#flush();
	}

	/** Ends the conversation now. Twice is harmless. */
	close(): void {
		this.#connection.destroy();
	}

	#flush(): void {
		this.#scheduled = false;
		if (this.#full) return;
		if (this.#waiting.length > 0) this.#write();
		if (this.#finishing) this.#connection.end();
	}

	#write(): void {
		const text = `${this.#waiting.join('\n')}\n`;
		this.#waiting = [];
		this.#waitingBytes = 0;
		this.#full = !this.#connection.write(Buffer.from(text));
	}

	/** What goes wrong here is this conversation's: thrown on, it would end a process that has others. */
	#hear(bytes: Buffer): void {
		try {
			this.#read(bytes);
		} catch (error) {
			this.close();
			this.#end.onFault(error);
		}
	}

	#read(bytes: Buffer): void {
		let start = 0;
		for (let end = bytes.indexOf(LINE_END); end >= 0; end = bytes.indexOf(LINE_END, start)) {
			this.#onLine(bytes.subarray(start, end));
			start = end + 1;
		}
		if (start < bytes.length) this.#rest.push(bytes.subarray(start));
	}

	#onLine(tail: Buffer): void {
		const line = this.#rest.length === 0 ? tail : Buffer.concat([...this.#rest, tail]);
		this.#rest = [];
		this.#end.onMessage(JSON.parse(line.toString('utf8')) as In);
	}
}
