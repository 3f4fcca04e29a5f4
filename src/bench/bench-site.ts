/** Where a run takes place: the folder of its function, and how the programs that it compares are started. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { REFERENCE_COMMAND, writeBenchFolder } from './bench-folder.ts';
import type { Program } from './program.ts';
import { JSON_LINE, RunningProgram, URL_LINE } from './running-program.ts';

export interface BenchSiteOptions {
	/** The httpfn that measures: it is the reference too. */
	readonly own: Program;
	/** Absolute; null: the function of the benchmark. */
	readonly folder: string | null;
	readonly environment: Readonly<Record<string, string>>;
}

/** Functions are started as a user of their own, who has to get in. */
const FOLDER_MODE = 0o755;
const EVERYWHERE = ['--listen', '127.0.0.1:0', '--log-format', 'json'];
/** A machine that others use too is to be measured, not given up. */
const PATIENT = ['--init-timeout', '60'];

export class BenchSite implements Disposable {
	/** Of the function that is called. */
	readonly folder: string;
	/** Whether the function is the benchmark's own, which knows what it is asked for. */
	readonly ownFunction: boolean;
	readonly #home: string;
	/** The httpfn whose server the function is. */
	readonly server: Program;
	readonly environment: Readonly<Record<string, string>>;
	readonly #made = new Map<string, Promise<unknown>>();
	#names = 0;

	constructor({ own, folder, environment }: BenchSiteOptions) {
		this.#home = mkdtempSync(path.join(tmpdir(), 'httpfn-bench-'));
		this.server = own;
		this.environment = environment;
		this.ownFunction = folder === null;
		this.folder = folder ?? path.join(this.#home, 'function');
		if (folder === null) writeBenchFolder(this.folder, own);
		chmodSync(this.#home, FOLDER_MODE);
	}

	/** `httpfn run` of the function, at a free port. */
	run(program: Program, more: readonly string[]): Promise<RunningProgram> {
		return this.#start(program, ['run', this.folder, ...PATIENT, ...EVERYWHERE, ...more], URL_LINE);
	}

	/** `httpfn serve` of a file. */
	serveConfig(program: Program, config: object, more: readonly string[] = []): Promise<RunningProgram> {
		const file = this.path('json');
		writeFileSync(file, JSON.stringify(config));
		return this.#start(program, ['serve', '--config', file, '--json', ...EVERYWHERE, ...more], JSON_LINE);
	}

	/** `httpfn serve` of what is deployed in a state folder; the second URL is the control plane's. */
	serveState(program: Program, state: string, more: readonly string[] = []): Promise<RunningProgram> {
		const args = ['serve', '--state', state, '--control', '127.0.0.1:0', '--json', ...EVERYWHERE, ...more];
		return this.#start(program, args, JSON_LINE);
	}

	/** The reference alone, at a free port. */
	reference(): Promise<RunningProgram> {
		return this.#start(this.server, [REFERENCE_COMMAND, '--port', '0'], URL_LINE);
	}

	/** What the function is asked for where the answer does not matter. */
	plainPath(path: string): string {
		return this.ownFunction ? '/sized/48' : path;
	}

	/** What all rounds share, made when it is first asked for. */
	once<T>(name: string, make: () => Promise<T>): Promise<T> {
		const known = this.#made.get(name) as Promise<T> | undefined;
		if (known !== undefined) return known;
		const making = make();
		this.#made.set(name, making);
		return making;
	}

	/** A path that nothing has yet. */
	path(extension: string): string {
		this.#names += 1;
		return path.join(this.#home, `${this.#names}.${extension}`);
	}

	[Symbol.dispose](): void {
		rmSync(this.#home, { recursive: true, force: true });
	}

	#start(
		{ command, prefix }: Program,
		args: readonly string[],
		urlsOf: (line: string) => readonly string[],
	): Promise<RunningProgram> {
		const { environment } = this;
		return RunningProgram.start({
			command,
			args: [...prefix, ...args],
			cwd: this.#home,
			environment,
			urlsOf,
		});
	}
}
