/** `httpfn` from source on a terminal of its own (util-linux’s script), with somebody who types. */
import type { ChildProcess } from 'node:child_process';
import { startSource } from './source-process.ts';

/** Put before a command, gives it a terminal: what is piped in is typed, and its stdout and stderr are one. */
export const ON_A_TERMINAL = [
	'bash',
	'--norc',
	'-c',
	'exec script -qec "$(printf "%q " "$@")" /dev/null',
	'script',
] as const;

export class TypedCommand implements AsyncDisposable {
	readonly exited: Promise<{ readonly code: number | null }>;
	readonly #child: ChildProcess;
	#shown = '';
	#answered = 0;
	#wake: () => void = () => {};

	constructor(argv: readonly string[], cwd: string) {
		const { child, exited } = startSource('src/cli/main.ts', argv, { through: ON_A_TERMINAL, cwd });
		this.#child = child;
		this.exited = exited;
		child.stdout?.setEncoding('utf8').on('data', (text: string) => {
			this.#shown += text;
			this.#wake();
		});
		child.stdin?.on('error', () => {});
	}

	/** All that the terminal has shown, with its line ends as they are in files. */
	get shown(): string {
		return this.#shown.replaceAll('\r', '');
	}

	/** Types `text` when the terminal shows `prompt` after what has been answered already. */
	async answer(prompt: string, text: string): Promise<void> {
		const ended = this.exited.then(() => true);
		while (!this.shown.includes(prompt, this.#answered)) {
			const more = new Promise<boolean>((resolve) => {
				this.#wake = () => resolve(false);
			});
			if (await Promise.race([more, ended])) throw new Error(`ended without ${prompt}: ${this.shown}`);
		}
		this.#answered = this.shown.indexOf(prompt, this.#answered) + prompt.length;
		this.#child.stdin?.write(text);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#child.stdin?.end();
		this.#child.kill('SIGTERM');
		await this.exited;
	}
}
