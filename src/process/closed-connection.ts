/** A connection to an instance that has ended: it tells so as a refused one would. */
import type { Connection, ConnectionHandler } from '../engine/connection.ts';

export class ClosedConnection implements Connection {
	handler: ConnectionHandler;
	readonly tls = null;
	readonly remoteAddress = '';
	readonly remotePort = 0;
	readonly queued = false;

	/** `handler.onClose` is called once the caller has left its frame, with an error whose code is ECONNREFUSED. */
	constructor(handler: ConnectionHandler) {
		this.handler = handler;
		const error = Object.assign(new Error('the instance has ended'), { code: 'ECONNREFUSED' });
		queueMicrotask(() => this.handler.onClose(error));
	}

	write(): boolean {
		return true;
	}

	writeHead(): boolean {
		return true;
	}

	keepAlive(): void {}

	pause(): void {}

	resume(): void {}

	end(): void {}

	destroy(): void {}

	reset(): void {}
}
