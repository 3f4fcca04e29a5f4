/**
 * The built executable as a user starts it: HTTPFN_BINARY names the file. `startFunction` is `httpfn run` up to the line
 * with the URL; `runBinary` is any command up to its exit. Log records are collected as they come, and can be waited for.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Longer than the drain and the grace of httpfn together. */
const STOP_MS_MAX = 20_000;
/** What a start or a call may take on a busy machine, where its length is not what a test is about. */
export const PATIENCE_SECONDS = 60;

export interface ExitStatus {
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
}

export interface Finished extends ExitStatus {
	readonly stdout: string;
	readonly stderr: string;
}

export interface StartOptions {
	/** Added to the test's own environment. */
	readonly environment?: Readonly<Record<string, string>>;
	readonly cwd?: string;
	readonly input?: string;
	/** Put before the path of the executable: a program that changes the user, say. */
	readonly prefix?: readonly string[];
	/** Another executable than that of the test: one that it has packed. */
	readonly program?: string;
	/** What it finds open as 3, 4 and so on. */
	readonly descriptors?: readonly number[];
}

/** One line of the log: its fields, or `text` where the line is not JSON. */
export type LogRecord = Readonly<Record<string, unknown>>;

/** Runs a command to its end. Does not throw for a failing one. */
export async function runBinary(argv: readonly string[], options: StartOptions = {}): Promise<Finished> {
	const child = spawnBinary(argv, options);
	const texts = { stdout: '', stderr: '' };
	for (const name of ['stdout', 'stderr'] as const) {
		child[name]?.setEncoding('utf8').on('data', (text: string) => {
			texts[name] += text;
		});
	}
	// A command that is done before it was given all need not have read it.
	child.stdin?.on('error', () => {}).end(options.input ?? '');
	return { ...(await exitOf(child)), ...texts };
}

/**
 * `httpfn run FOLDER …` on a free port, with a JSON log; resolves when the URL has been printed. Direct isolation, unless
 * `argv` asks for another: the test sees the function's port and processes as its own.
 */
export function startFunction(
	folder: string,
	argv: readonly string[] = [],
	options: StartOptions = {},
): Promise<RunningFunction> {
	const isolation = argv.includes('--isolation') ? [] : ['--isolation', 'direct'];
	const listen = ['--listen', '127.0.0.1:0', '--log-format', 'json'];
	return startBinary(['run', folder, ...listen, ...isolation, ...argv], options);
}

/** A command that serves: resolves when it has printed its URL. `run`, and a packed function, get PATIENCE_SECONDS, unless `argv` says how much. */
export async function startBinary(
	argv: readonly string[],
	options: StartOptions = {},
): Promise<RunningFunction> {
	const [command = '--'] = argv;
	const isOfOne = command === 'run' || command.startsWith('--');
	const child = spawnBinary(isOfOne ? patiently(argv) : argv, options);
	child.stdin?.end();
	const running = new RunningFunction(child);
	await running.listening;
	return running;
}

export class RunningFunction implements AsyncDisposable {
	/** Resolves with the URL; rejects when the command ends without having printed one. */
	readonly listening: Promise<string>;
	readonly exited: Promise<ExitStatus>;
	readonly records: LogRecord[] = [];
	/** Of stdout; the URL is the first. */
	readonly lines: string[] = [];
	readonly #child: ChildProcess;
	readonly #waiting = new Set<() => void>();
	#url = '';

	constructor(child: ChildProcess) {
		this.#child = child;
		this.exited = exitOf(child);
		const { stdout, stderr } = child;
		if (stdout === null || stderr === null) throw new Error('the command was started without pipes');
		createInterface({ input: stderr }).on('line', (line) => {
			this.records.push(parseRecord(line));
			for (const wake of this.#waiting) wake();
		});
		this.listening = new Promise((resolve, reject) => {
			createInterface({ input: stdout }).on('line', (line) => {
				this.lines.push(line);
				if (this.lines.length === 1) this.#url = line;
				resolve(this.#url);
				for (const wake of this.#waiting) wake();
			});
			this.exited.then(
				({ code, signal }) =>
					reject(new Error(`httpfn run ended (${code ?? signal}) without a URL:\n${this.logText}`)),
				reject,
			);
		});
	}

	/** Without a slash at the end. */
	get url(): string {
		return this.#url;
	}

	get port(): number {
		return Number(new URL(this.#url).port);
	}

	get pid(): number {
		return this.#child.pid ?? 0;
	}

	get logText(): string {
		return this.records.map((record) => JSON.stringify(record)).join('\n');
	}

	/** The first record, past or to come, that `matches`; rejects when the command ends without one. */
	record(matches: (record: LogRecord) => boolean): Promise<LogRecord> {
		return this.#found(() => this.records.find(matches));
	}

	/** The first line of stdout that holds `text`, past or to come; rejects as `record` does. */
	line(text: string): Promise<string> {
		return this.#found(() => this.lines.find((line) => line.includes(text)));
	}

	#found<T>(find: () => T | undefined): Promise<T> {
		return new Promise((resolve, reject) => {
			const look = () => {
				const found = find();
				if (found === undefined) return;
				this.#waiting.delete(look);
				resolve(found);
			};
			this.#waiting.add(look);
			look();
			void this.exited.then(() => reject(new Error(`nothing such in the log:\n${this.logText}`)));
		});
	}

	/** The first line of the function's own output that holds `text`. */
	output(text: string): Promise<LogRecord> {
		return this.record(({ line }) => typeof line === 'string' && line.includes(text));
	}

	signal(name: NodeJS.Signals): void {
		this.#child.kill(name);
	}

	/** Asks the command to end, and waits for it. */
	stop(name: NodeJS.Signals = 'SIGTERM'): Promise<ExitStatus> {
		this.signal(name);
		return this.exited;
	}

	/** A command that does not end when asked is killed, so that one failure does not hide the next. */
	async [Symbol.asyncDispose](): Promise<void> {
		const overdue = setTimeout(() => this.signal('SIGKILL'), STOP_MS_MAX);
		await this.stop();
		clearTimeout(overdue);
	}
}

function patiently(argv: readonly string[]): readonly string[] {
	const missing = ['--timeout', '--init-timeout'].filter((flag) => !argv.includes(flag));
	return [...argv, ...missing.flatMap((flag) => [flag, `${PATIENCE_SECONDS}`])];
}

function spawnBinary(argv: readonly string[], options: StartOptions): ChildProcess {
	const binary = options.program ?? process.env.HTTPFN_BINARY;
	if (!binary) throw new Error('HTTPFN_BINARY is not set; wanted: the path of a built httpfn');
	const [program = binary, ...rest] = [...(options.prefix ?? []), binary, ...argv];
	return spawn(program, rest, {
		env: { ...ownEnvironment(), ...options.environment },
		stdio: ['pipe', 'pipe', 'pipe', ...(options.descriptors ?? [])],
		...(options.cwd === undefined ? {} : { cwd: options.cwd }),
	});
}

/** HTTPFN_… variables are settings of the product; those of the test run are none. */
function ownEnvironment(): Record<string, string> {
	const pairs = Object.entries(process.env).filter(([name]) => !name.startsWith('HTTPFN_'));
	return Object.fromEntries(pairs) as Record<string, string>;
}

function exitOf(child: ChildProcess): Promise<ExitStatus> {
	return new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code, signal) => resolve({ code, signal }));
	});
}

function parseRecord(line: string): LogRecord {
	try {
		return JSON.parse(line) as LogRecord;
	} catch {
		return { text: line };
	}
}
