/**
 * Reloads of a running `serve`, one after the other. Requests that come while one runs are one more after it, so that what
 * was changed before a request is always read after it. Each result is logged, and told in the status file.
 */
import process from 'node:process';
import { errorText } from '../base/error-text.ts';
import type { ServeSettings } from '../config/serve-settings.ts';
import { RuntimeError } from '../contract/errors.ts';
import type { Log } from '../telemetry/log.ts';
import type { Exchanged } from './exchanged.ts';
import type { FunctionsServer } from './functions-server.ts';
import {
	ownStartTicks,
	type ReloadOutcome,
	realPath,
	removeStatus,
	type ServeStatus,
	statusPath,
	writeStatus,
} from './serve-status.ts';

export interface ReloadOptions {
	readonly server: Pick<FunctionsServer, 'reload' | 'urls'>;
	/** Reads the settings anew. Rejects with a RuntimeError. */
	readonly load: () => Promise<ServeSettings>;
	readonly configPath: string;
	readonly runtimeFolder: string;
	readonly log: Log;
	/** Told of each reload, whatever comes of it. */
	readonly onBegun?: () => void;
	readonly onDone?: () => void;
}

const NOTHING: Exchanged = { started: [], kept: [], retired: [] };

export class ReloadControl {
	readonly #options: ReloadOptions;
	readonly #file: string;
	#status: ServeStatus;
	#running = false;
	#again = false;
	#closed = false;

	/** Writes the status: from now on `reload` finds this process, which has to listen to signals already. */
	constructor(options: ReloadOptions) {
		this.#options = options;
		this.#file = statusPath(options.runtimeFolder, options.configPath);
		this.#status = {
			pid: process.pid,
			startTicks: ownStartTicks(),
			config: realPath(options.configPath),
			url: options.server.urls.join(', '),
			generation: 1,
			begun: 0,
			done: 0,
			outcome: null,
		};
		const problem = writeStatus(this.#file, this.#status);
		if (problem === null) return;
		options.log.write('warn', 'httpfn reload will not find this process; send it SIGHUP instead', {
			problem,
		});
	}

	/** Never fails: what fails is logged, and the functions go on as they were. */
	request(): void {
		if (this.#closed) return;
		this.#again = true;
		if (!this.#running) void this.#run();
	}

	close(): void {
		this.#closed = true;
		removeStatus(this.#file);
	}

	async #run(): Promise<void> {
		this.#running = true;
		while (this.#again && !this.#closed) {
			this.#again = false;
			this.#tell({ begun: this.#status.begun + 1 });
			this.#options.onBegun?.();
			const outcome = await this.#reload();
			this.#options.onDone?.();
			const generation = this.#status.generation + (outcome.ok ? 1 : 0);
			this.#logOutcome(outcome, generation);
			this.#tell({ done: this.#status.begun, generation, outcome });
		}
		this.#running = false;
	}

	async #reload(): Promise<ReloadOutcome> {
		try {
			const exchanged = await this.#options.server.reload(await this.#options.load());
			return { ok: true, code: '', message: '', ...copied(exchanged) };
		} catch (error) {
			const code = error instanceof RuntimeError ? error.code : 'ERR_INTERNAL';
			const message = errorText(error);
			return { ok: false, code, message, ...copied(NOTHING) };
		}
	}

	#tell(change: Partial<ServeStatus>): void {
		this.#status = { ...this.#status, ...change };
		if (!this.#closed) writeStatus(this.#file, this.#status);
	}

	#logOutcome({ ok, code, message, started, kept, retired }: ReloadOutcome, generation: number): void {
		const { log } = this.#options;
		if (ok) log.write('info', 'reloaded', { generation, started, kept: kept.length, retired });
		else log.write('error', `not reloaded: ${message}`, { code, generation });
	}
}

function copied({ started, kept, retired }: Exchanged): {
	started: string[];
	kept: string[];
	retired: string[];
} {
	return { started: [...started], kept: [...kept], retired: [...retired] };
}
