/** What the tests of the process layer share: a log that can be waited on, settings, and a plain HTTP client. */
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import type { FunctionSettings } from '../../src/contract/function-settings.ts';
import type { SandboxSettings } from '../../src/contract/sandbox-settings.ts';
import { DirectIsolation } from '../../src/isolation/direct-isolation.ts';
import { Instance } from '../../src/process/instance.ts';
import { processStat } from '../../src/process/process-table.ts';
import type { Isolation } from '../../src/process/sandbox.ts';
import type { Log, LogFields, LogLevel } from '../../src/telemetry/log.ts';

export interface LogRecord {
	readonly level: LogLevel;
	readonly message: string;
	readonly fields: LogFields;
}

export interface OutputLine {
	readonly stream: 'stdout' | 'stderr';
	readonly line: string;
	readonly requestId: string | null;
}

export class RecordingLog implements Log {
	readonly records: LogRecord[] = [];
	readonly lines: OutputLine[] = [];
	/** While false, the reader of this log is slow: `output` asks the caller to wait. */
	#open = Promise.withResolvers<void>();
	#isOpen = true;
	#wake = Promise.withResolvers<void>();

	write(level: LogLevel, message: string, fields: LogFields = {}): void {
		this.records.push({ level, message, fields });
		this.#changed();
	}

	output(stream: 'stdout' | 'stderr', line: string, requestId: string | null): boolean {
		this.lines.push({ stream, line, requestId });
		this.#changed();
		return this.#isOpen;
	}

	onDrain(): Promise<void> {
		return this.#isOpen ? Promise.resolve() : this.#open.promise;
	}

	flush(): Promise<void> {
		return Promise.resolve();
	}

	stall(): void {
		this.#isOpen = false;
	}

	flow(): void {
		this.#isOpen = true;
		this.#open.resolve();
		this.#open = Promise.withResolvers<void>();
	}

	/** Resolves with the first line, past or to come, that matches. */
	line(matching: (line: OutputLine) => boolean): Promise<OutputLine> {
		return this.#find(this.lines, matching);
	}

	record(matching: (record: LogRecord) => boolean): Promise<LogRecord> {
		return this.#find(this.records, matching);
	}

	async #find<Item>(items: readonly Item[], matching: (item: Item) => boolean): Promise<Item> {
		for (;;) {
			const found = items.find(matching);
			if (found !== undefined) return found;
			await this.#wake.promise;
		}
	}

	#changed(): void {
		this.#wake.resolve();
		this.#wake = Promise.withResolvers<void>();
	}
}

export function bootstrapFolder(name: string): string {
	return fileURLToPath(new URL(`../fixtures/bootstraps/${name}`, import.meta.url));
}

export function settingsOf(fixture: string, overrides: Partial<FunctionSettings> = {}): FunctionSettings {
	return {
		codeRoot: bootstrapFolder(fixture),
		name: fixture,
		package: 'default',
		version: 'latest',
		projectId: 'project',
		region: 'region',
		memoryMb: 128,
		timeoutSeconds: 3,
		initTimeoutSeconds: 20,
		environment: {},
		streamResponse: false,
		strictEnvelope: false,
		credentials: null,
		...overrides,
	};
}

export const SANDBOX: SandboxSettings = {
	tmpMb: 512,
	egress: { mode: 'open', allow: [], publicSource: null, disablePublicNetwork: false },
	interpreters: {},
	expose: [],
	hide: [],
};

export interface Lived {
	readonly instance: Instance;
	readonly log: RecordingLog;
}

export interface LifeOptions {
	readonly overrides?: Partial<FunctionSettings>;
	/** The host's own port otherwise. */
	readonly isolation?: Isolation;
}

export function newInstance(fixture: string, options: LifeOptions = {}): Lived {
	const log = new RecordingLog();
	const settings = settingsOf(fixture, options.overrides);
	const isolation = options.isolation ?? new DirectIsolation();
	return {
		instance: new Instance({ settings, sandbox: SANDBOX, isolation, hostEnvironment: process.env, log }),
		log,
	};
}

/** Runs `use` with an instance of the fixture that was not started yet, and stops it whatever happens. */
export async function lived(
	fixture: string,
	use: (lived: Lived) => Promise<void>,
	options: LifeOptions = {},
): Promise<void> {
	const life = newInstance(fixture, options);
	try {
		await use(life);
	} finally {
		life.log.flow();
		await life.instance.stop();
	}
}

/** Sends one request on a new connection to port 8000 and answers what came back until the close: '' for nothing. */
export function get(path: string): Promise<string> {
	return new Promise((resolve) => {
		const socket = net.connect({ host: '127.0.0.1', port: 8000 });
		let text = '';
		socket.on('data', (bytes) => {
			text += String(bytes);
		});
		socket.on('error', () => {});
		socket.on('close', () => resolve(text.split('\r\n\r\n')[1] ?? ''));
		socket.write(`GET ${path} HTTP/1.0\r\n\r\n`);
	});
}

/** The code of the error that a promise rejects with, and its message. */
export async function failure(promise: Promise<unknown>): Promise<{ code: string; message: string }> {
	try {
		await promise;
	} catch (error) {
		const { code, message } = error as { code: string; message: string };
		return { code, message };
	}
	return { code: 'no error', message: '' };
}

/** The letter that the kernel gives its state: R, S, T (stopped), Z; null when it is gone. */
export function processState(pid: number): string | null {
	try {
		const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
		return text.slice(text.lastIndexOf(')') + 2).charAt(0);
	} catch {
		return null;
	}
}

/** Resolves when each process is in the state: a signal is sent at once, and taken a moment later. */
export async function inState(pids: readonly number[], states: string): Promise<void> {
	while (!pids.every((pid) => states.includes(processState(pid) ?? '-'))) {
		await new Promise((resolve) => setImmediate(resolve));
	}
}

export function isLiving(pid: number): boolean {
	return processStat(pid)?.living === true;
}

/** How this engine is told to run a file of this repository. */
export function engineCommand(file: string): [string, string[]] {
	const path = fileURLToPath(new URL(file, import.meta.url));
	return [process.execPath, 'Deno' in globalThis ? ['run', '-A', path] : [path]];
}
