/** An instance whose function is the test's own; it ends when the test says so. */
import { RuntimeError } from '../../src/contract/errors.ts';
import type { Connection, ConnectionHandler } from '../../src/engine/connection.ts';
import { connect } from '../../src/engine/sockets.ts';
import type { LeasedInstance, LeaseEnd } from '../../src/pool/instance-source.ts';

export class StubInstance implements LeasedInstance {
	readonly ending: Promise<void>;
	readonly life = { startedMs: 0, readyMs: 0 };
	/** Tells that the instance is certain to end. */
	readonly end: () => void;
	probe: Connection | null = null;
	/** What lost connections are told as. */
	cause = new RuntimeError('ERR_FUNCTION_EXITED', 'the function exited with code 1');
	/** Called while somebody waits for the cause of a loss. */
	onLoss: () => void | Promise<void> = () => {};
	losses = 0;
	/** How many connections were opened. */
	connections = 0;
	readonly #port: number;
	readonly #onRelease: (requestId: string, end: LeaseEnd) => void;

	constructor(port: number, onRelease: (requestId: string, end: LeaseEnd) => void) {
		const { promise, resolve } = Promise.withResolvers<void>();
		this.ending = promise;
		this.end = resolve;
		this.#port = port;
		this.#onRelease = onRelease;
	}

	takeProbe(): Connection | null {
		const { probe } = this;
		this.probe = null;
		return probe;
	}

	connect(handler: ConnectionHandler, onOpen: () => void): Connection {
		this.connections++;
		return connect('127.0.0.1', this.#port, handler, onOpen);
	}

	async causeOfLoss(): Promise<RuntimeError> {
		this.losses++;
		await this.onLoss();
		return this.cause;
	}

	release(requestId: string, end: LeaseEnd): void {
		this.#onRelease(requestId, end);
	}
}
