/**
 * One running bootstrap: its process, its output and its end. The first cause of its end stands, and its end is
 * carried out once, whoever asks for it.
 */
import type { ExitCause } from './exit-cause.ts';
import type { InstanceOutput } from './output.ts';
import type { ProcessExit, SpawnedProcess } from './spawn.ts';
import { terminate } from './terminate.ts';

/** How long the news of an exit waits for the last of stderr, which travels another way. */
const STDERR_MS_MAX = 100;

export class Instance {
	readonly pid: number;
	readonly marker: string;
	readonly output: InstanceOutput;
	/** Resolves with the cause as soon as the end is certain, before it is carried out; never rejects. */
	readonly ending: Promise<ExitCause>;
	readonly #process: SpawnedProcess;
	readonly #resolveEnding: (cause: ExitCause) => void;
	#cause: ExitCause | null = null;
	#end: Promise<number> | null = null;

	constructor(spawned: SpawnedProcess, marker: string, output: InstanceOutput) {
		this.pid = spawned.pid;
		this.marker = marker;
		this.output = output;
		this.#process = spawned;
		const { promise, resolve } = Promise.withResolvers<ExitCause>();
		this.ending = promise;
		this.#resolveEnding = resolve;
		// The leader is the instance: without it the rest of its group is not kept.
		spawned.exited.then((exit) => this.end(exitCause(exit), 0));
	}

	get cause(): ExitCause | null {
		return this.#cause;
	}

	/** Ends every process of the instance; resolves with the number that could not be ended. Only the first call acts. */
	end(cause: ExitCause, graceMs: number): Promise<number> {
		if (this.#end === null) {
			this.#cause = cause;
			this.#resolveEnding(cause);
			this.#end = terminate({ pid: this.pid, marker: this.marker, exited: this.#process.exited }, graceMs);
		}
		return this.#end;
	}

	/** The last lines of stderr, complete where they arrive soon after the end. */
	async lastStderr(): Promise<readonly string[]> {
		const patience = Promise.withResolvers<void>();
		const timer = setTimeout(patience.resolve, STDERR_MS_MAX);
		await Promise.race([this.output.stderrEnded, patience.promise]);
		clearTimeout(timer);
		return this.output.stderrTail();
	}
}

function exitCause(exit: ProcessExit): ExitCause {
	if (exit.signal !== null) return { kind: 'signaled', signal: exit.signal };
	return { kind: 'exited', code: exit.code ?? 0 };
}
