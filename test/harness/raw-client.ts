/** A client that sends what it is told, byte for byte, and reads responses one after another. */
import net from 'node:net';
import { ByteSocket } from './byte-socket.ts';
import { type Fields, fieldsOf } from './fields.ts';

export interface RawAnswer extends Fields {
	readonly statusLine: string;
	readonly status: number;
	readonly body: Buffer;
	readonly text: string;
}

export class RawClient extends ByteSocket {
	static connect(port: number, host = '127.0.0.1'): Promise<RawClient> {
		return new Promise((resolve, reject) => {
			const socket = net.connect({ port, host, allowHalfOpen: true });
			socket.once('error', reject);
			socket.once('connect', () => {
				socket.off('error', reject);
				resolve(new RawClient(socket));
			});
		});
	}

	/** Sends a request head with `Host: a`; lines without CRLF. */
	ask(requestLine: string, ...lines: string[]): void {
		void this.send(`${[requestLine, 'Host: a', ...lines].join('\r\n')}\r\n\r\n`);
	}

	/** The next response. `bodiless`: it answers HEAD. */
	async answer(bodiless = false): Promise<RawAnswer> {
		const head = await this.takeThrough('\r\n\r\n');
		const fields = fieldsOf(head);
		const statusLine = head.slice(0, head.indexOf('\r\n'));
		const status = Number(statusLine.split(' ')[1]);
		const none = bodiless || status < 200 || status === 204 || status === 304;
		const body = none ? Buffer.alloc(0) : await this.#body(fields);
		return { ...fields, statusLine, status, body, text: body.toString('latin1') };
	}

	async #body(fields: Fields): Promise<Buffer> {
		const length = fields.value('content-length');
		if (length !== null) return this.takeBytes(Number(length));
		if (fields.value('transfer-encoding') === null) return this.takeRest();
		const chunks: Buffer[] = [];
		for (;;) {
			const size = Number.parseInt(await this.takeThrough('\r\n'), 16);
			chunks.push(await this.takeBytes(size));
			await this.takeThrough('\r\n');
			if (size === 0) return Buffer.concat(chunks);
		}
	}
}
