/** An isolation without processes: what its one sandbox is told, and what becomes of it, the test says. */
import type { Connection } from '../../src/engine/connection.ts';
import type { ByteSource } from '../../src/engine/pipe.ts';
import { ClosedConnection } from '../../src/process/closed-connection.ts';
import type { Readiness } from '../../src/process/readiness.ts';
import type { Isolation, ReadinessLimits, Sandbox, SandboxExit } from '../../src/process/sandbox.ts';

export class StubSandbox implements Sandbox {
	readonly pid = 4_999_999;
	readonly stdout: ByteSource = SILENT;
	readonly stderr: ByteSource = SILENT;
	readonly exited: Promise<SandboxExit>;
	/** The calls it got, in their order. */
	readonly calls: string[] = [];
	/** Ends it as a process would end by itself. */
	readonly exit: (exit: SandboxExit) => void;
	/** Null: it never listens. */
	readiness: Readiness | null = { kind: 'ready', connection: null };

	constructor() {
		const { promise, resolve } = Promise.withResolvers<SandboxExit>();
		this.exited = promise;
		this.exit = resolve;
	}

	awaitReadiness({ signal }: ReadinessLimits): Promise<Readiness> {
		if (this.readiness !== null) return Promise.resolve(this.readiness);
		return new Promise((resolve) => {
			signal.addEventListener('abort', () => resolve({ kind: 'aborted' }));
		});
	}

	connect(handler: Parameters<Sandbox['connect']>[0]): Connection {
		return new ClosedConnection(handler);
	}

	openSocket(): Promise<number> {
		return Promise.reject(new Error('nothing listens'));
	}

	isListening(): Promise<boolean> {
		return Promise.resolve(true);
	}

	listeningPlaces(): Promise<string> {
		return Promise.resolve('');
	}

	end(graceMs: number): Promise<number> {
		this.calls.push(`end ${graceMs}`);
		this.exit({ code: 0, signal: null, memory: null });
		return Promise.resolve(0);
	}

	freeze(): Promise<boolean> {
		this.calls.push('freeze');
		return Promise.resolve(false);
	}

	thaw(): void {
		this.calls.push('thaw');
	}

	setBusy(busy: boolean): void {
		this.calls.push(busy ? 'busy' : 'idle');
	}
}

export class StubIsolation implements Isolation {
	readonly kind = 'direct';
	readonly instancesMax = 1;
	readonly sandbox = new StubSandbox();

	start(): Promise<Sandbox> {
		return Promise.resolve(this.sandbox);
	}

	close(): Promise<void> {
		return Promise.resolve();
	}
}

const SILENT: ByteSource = {
	async *[Symbol.asyncIterator]() {},
	destroy() {},
};
