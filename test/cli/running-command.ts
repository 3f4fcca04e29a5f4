import { once } from 'node:events';
import process from 'node:process';
import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';
import { startSource } from '../harness/source-process.ts';

type LogRecord = Readonly<Record<string, unknown>>;

/** `httpfn run`, or `serve`, from source: its URL line, and its log as it comes. */
const STOP_MS_MAX = 5_000;

export class RunningCommand implements AsyncDisposable {
	readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
	readonly stdout: Readable;
	readonly stderr: Readable;
	readonly records: LogRecord[] = [];
	readonly #lines: Interface;
	readonly #kill: (signal: NodeJS.Signals) => void;

	constructor(
		argv: readonly string[],
		environment: Readonly<Record<string, string>> = {},
		command: 'run' | 'serve' = 'run',
	) {
		const { child, exited } = startSource('src/cli/main.ts', [command, ...argv], { env: environment });
		const { stdin, stdout, stderr } = child;
		if (stdin === null || stdout === null || stderr === null) throw new Error('pipes were asked for');
		stdin.end();
		this.exited = exited;
		this.stdout = stdout;
		this.stderr = stderr;
		this.#lines = createInterface({ input: stderr });
		this.#lines.on('line', (line) => this.records.push(JSON.parse(line)));
		// Not child.kill: Deno then reports that signal as the end, whatever the process did about it.
		this.#kill = (signal) => {
			if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
				process.kill(child.pid, signal);
		};
	}

	/** The one line on stdout. Rejects when the command ends without it. */
	async url(): Promise<string> {
		const line = once(createInterface({ input: this.stdout }), 'line').then(([text]) => String(text));
		const ended = this.exited.then(({ code }) => Promise.reject(new Error(`ended with ${code}`)));
		return Promise.race([line, ended]);
	}

	/** Resolves with the first record of the log that matches, written already or still to come. */
	async record(matches: (record: LogRecord) => boolean): Promise<LogRecord> {
		for (;;) {
			const found = this.records.find(matches);
			if (found !== undefined) return found;
			await once(this.#lines, 'line');
		}
	}

	signal(signal: NodeJS.Signals): void {
		this.#kill(signal);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		// Twice: without waiting for requests. What is killed outright leaves the function of a direct isolation behind.
		this.#kill('SIGTERM');
		this.#kill('SIGTERM');
		const patience = setTimeout(() => this.#kill('SIGKILL'), STOP_MS_MAX);
		await this.exited;
		clearTimeout(patience);
	}
}
