/**
 * Exchanges the function when its folder changes.
 *
 *   changed ──▶ settings read, start file judged, an edge function bundled ──▶ the new one answers, the one before finishes
 *                                    └─ refused ──▶ what is wrong is what requests are told, until the next change
 *
 * Until the new one is there, requests go to the one before. What changes meanwhile is taken up after it.
 */
import type { RunSettings } from '../config/run-settings.ts';
import { RuntimeError } from '../contract/errors.ts';
import type { Log } from '../telemetry/log.ts';
import type { Front } from '../workers/front.ts';
import type { ServedFunction } from './served-function.ts';
import { SourceWatch } from './source-watch.ts';

export interface WatchedOptions {
	readonly folder: string;
	readonly front: Pick<Front, 'serve'>;
	readonly served: ServedFunction;
	readonly log: Log;
	/** The settings of the function as it is now. Rejects with a RuntimeError where it can not be served. */
	readonly settings: () => Promise<RunSettings>;
}

export class WatchedFunction {
	readonly #options: WatchedOptions;
	#watch: SourceWatch | null = null;
	#names: readonly string[] = [];
	#exchanging: Promise<void> | null = null;
	#closed = false;

	constructor(options: WatchedOptions) {
		this.#options = options;
	}

	/** Resolves when every change from now on is seen. */
	async open(): Promise<void> {
		this.#watch = await SourceWatch.open(this.#options.folder, (names) => this.#onChange(names));
	}

	/** Twice is harmless. */
	async close(): Promise<void> {
		this.#closed = true;
		await this.#watch?.close();
		await this.#exchanging;
	}

	#onChange(names: readonly string[]): void {
		this.#names = [...this.#names, ...names];
		this.#exchanging ??= this.#exchangeAll().finally(() => {
			this.#exchanging = null;
		});
	}

	async #exchangeAll(): Promise<void> {
		while (this.#names.length > 0 && !this.#closed) {
			const names = this.#names;
			this.#names = [];
			await this.#exchange(names);
		}
	}

	async #exchange(changed: readonly string[]): Promise<void> {
		const { settings, front, served, log } = this.#options;
		try {
			const plan = await settings();
			if (this.#closed) return;
			await front.serve(served.exchange(plan));
			log.write('info', 'the function has changed: requests go to the new one', { changed: shown(changed) });
		} catch (error) {
			if (this.#closed) return;
			const told = error instanceof RuntimeError ? error : unforeseen(error);
			log.write('error', told.message, { code: told.code, changed: shown(changed) });
			await front.serve(served.exchange(told));
		}
	}
}

function unforeseen(cause: unknown): RuntimeError {
	return new RuntimeError('ERR_INTERNAL', `Could not exchange the function: ${cause}`, { cause });
}

const SHOWN_NAMES_MAX = 3;

function shown(names: readonly string[]): string {
	const different = [...new Set(names)];
	const more = different.length - SHOWN_NAMES_MAX;
	return different.slice(0, SHOWN_NAMES_MAX).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
