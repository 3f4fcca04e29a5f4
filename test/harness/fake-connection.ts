/** A client's connection without a socket: the test decides what the client takes, and sees what it was sent. */
import type { Connection, ConnectionHandler } from '../../src/engine/connection.ts';

export class FakeConnection implements Connection {
	handler: ConnectionHandler = { onData() {}, onDrain() {}, onEnd() {}, onClose() {} };
	readonly tls = null;
	readonly remoteAddress = '192.0.2.1';
	readonly remotePort = 50_000;
	/** What each write answers. */
	takes = true;
	queued = false;
	paused = false;
	/** How our side ended it, if it did. */
	ending: 'open' | 'ended' | 'destroyed' | 'reset' = 'open';
	#text = '';
	#watchers: (() => void)[] = [];

	/** Everything written, as Latin-1 text. */
	get text(): string {
		return this.#text;
	}

	/** Resolves when `condition` holds; looked at whenever something happens to the connection. */
	async until(condition: () => boolean): Promise<void> {
		while (!condition()) await new Promise<void>((resolve) => this.#watchers.push(resolve));
	}

	write(bytes: Uint8Array): boolean {
		return this.#written(Buffer.from(bytes).toString('latin1'));
	}

	writeHead(head: string, body: Uint8Array | null): boolean {
		return this.#written(head + (body === null ? '' : Buffer.from(body).toString('latin1')));
	}

	keepAlive(): void {}

	pause(): void {
		this.paused = true;
		this.#happened();
	}

	resume(): void {
		this.paused = false;
		this.#happened();
	}

	end(): void {
		if (this.ending === 'open') this.#end('ended');
	}

	destroy(): void {
		if (this.ending !== 'destroyed' && this.ending !== 'reset') this.#end('destroyed');
	}

	reset(): void {
		if (this.ending !== 'destroyed' && this.ending !== 'reset') this.#end('reset');
	}

	#written(text: string): boolean {
		this.#text += text;
		this.#happened();
		return this.takes;
	}

	#end(ending: 'ended' | 'destroyed' | 'reset'): void {
		this.ending = ending;
		if (ending !== 'ended') queueMicrotask(() => this.handler.onClose(null));
		this.#happened();
	}

	#happened(): void {
		for (const resolve of this.#watchers.splice(0)) resolve();
	}
}
