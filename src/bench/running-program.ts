/** A server that is measured, from its start to its end: a process that says on its first line where it serves. */
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../base/clock.ts';
import type { ByteSource } from '../engine/pipe.ts';
import { LineSplitter } from '../process/line-splitter.ts';
import { type SpawnedProcess, spawnProcess } from '../process/spawn.ts';
import { endWithUs } from './end-with-us.ts';
import { NotServed } from './not-served.ts';

export interface RunningOptions {
	readonly command: string;
	readonly args: readonly string[];
	readonly cwd: string;
	readonly environment: Readonly<Record<string, string>>;
	/** The URLs in the first line that it prints. */
	readonly urlsOf: (line: string) => readonly string[];
}

/** The line is the URL. */
export const URL_LINE = (line: string): readonly string[] => [line];
/** What `httpfn serve --json` prints: of the gateway, of the control plane. */
export const JSON_LINE = (line: string): readonly string[] => {
	const { url, control } = JSON.parse(line) as { url: string; control: string | null };
	return control === null ? [url] : [url, control];
};

const LINE_BYTES_MAX = 16_384;
const START_MS_MAX = 60_000;
/** For its instances to be ended too. */
const STOP_MS_MAX = 15_000;
const TAIL_LINES = 8;

export class RunningProgram implements AsyncDisposable {
	readonly urls: readonly URL[];
	/** Milliseconds from just before the process was made to that line. */
	readonly startMs: number;
	readonly #child: SpawnedProcess;
	readonly #listeners: Set<(line: string) => void>;

	private constructor(
		child: SpawnedProcess,
		urls: readonly URL[],
		startMs: number,
		listeners: Set<(line: string) => void>,
	) {
		this.#child = child;
		this.urls = urls;
		this.startMs = startMs;
		this.#listeners = listeners;
	}

	/** Resolves when it serves. Rejects with a NotServed that has the end of its standard error. */
	static async start(options: RunningOptions): Promise<RunningProgram> {
		const beganMs = monotonicMs();
		const child = await spawnProcess(options, null);
		const release = endWithUs(child.pid);
		void child.exited.then(release);
		const tail: string[] = [];
		const listeners = new Set<(line: string) => void>();
		readLines(child.stderr, (line) => {
			tail.push(line);
			if (tail.length > TAIL_LINES) tail.shift();
			for (const listener of listeners) listener(line);
		});
		const urls: URL[] = [];
		let servingMs = 0;
		const serving = new Promise<null>((resolve, reject) => {
			readLines(child.stdout, (line) => {
				if (urls.length > 0) return;
				servingMs = monotonicMs() - beganMs;
				try {
					urls.push(...options.urlsOf(line).map((text) => new URL(text)));
					resolve(null);
				} catch (error) {
					reject(error);
				}
			});
		});
		const outcome = await Promise.race([
			serving.catch((error: unknown) => `said no URL (${String(error)})`),
			child.exited.then(() => 'ended'),
			delay(START_MS_MAX, 'did not serve in time', { ref: false }),
		]);
		const running = new RunningProgram(child, urls, servingMs, listeners);
		if (outcome === null) return running;
		await running.stop();
		const words = [options.command, ...options.args].join(' ');
		throw new NotServed(`${words} ${outcome}: ${tail.join('\n') || 'it said nothing'}`);
	}

	get pid(): number {
		return this.#child.pid;
	}

	/** The first URL that it printed. */
	get url(): URL {
		const [url] = this.urls;
		if (url === undefined) throw new Error('a running program has a URL');
		return url;
	}

	/** Resolves with the next line of standard error that has `text`. Rejects with an Error after `withinMs`. */
	line(text: string, withinMs: number): Promise<string> {
		return this.lines(text, 1, withinMs);
	}

	/** The same, with the last of the next `count` such lines. */
	lines(text: string, count: number, withinMs: number): Promise<string> {
		let left = count;
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => {
				this.#listeners.delete(listener);
				reject(new Error(`${left} lines with ${JSON.stringify(text)} did not come within ${withinMs} ms`));
			}, withinMs);
			const listener = (line: string): void => {
				if (!line.includes(text) || --left > 0) return;
				clearTimeout(timer);
				this.#listeners.delete(listener);
				resolve(line);
			};
			this.#listeners.add(listener);
		});
	}

	/** Asks it to stop, and ends it where it does not. Twice is harmless. */
	async stop(): Promise<void> {
		this.#signal('SIGTERM');
		const timer = setTimeout(() => this.#signal('SIGKILL'), STOP_MS_MAX);
		await this.#child.exited;
		clearTimeout(timer);
		this.#child.stdout.destroy();
		this.#child.stderr.destroy();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.stop();
	}

	#signal(signal: 'SIGTERM' | 'SIGKILL'): void {
		try {
			process.kill(this.#child.pid, signal);
		} catch {
			// It is gone already.
		}
	}
}

/** To its end, in the background: who does not read a process's output stops it sooner or later. */
function readLines(source: ByteSource, onLine: (line: string) => void): void {
	const splitter = new LineSplitter(LINE_BYTES_MAX, onLine);
	const read = async (): Promise<void> => {
		for await (const bytes of source) splitter.push(bytes);
		splitter.end();
	};
	// A stream that is destroyed while it is read ends with an error; what it said is known by then.
	read().catch(() => {});
}
