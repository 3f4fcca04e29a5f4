/** What the host of an edge function has told so far. Of any other function nothing is ever told. */
import { setTimeout as delay } from 'node:timers/promises';
import { parseReport, reportedError } from '../contract/edge-report.ts';
import type { RuntimeError } from '../contract/errors.ts';
import type { ByteSource } from '../engine/pipe.ts';
import { LineSplitter } from './line-splitter.ts';

const LINE_BYTES_MAX = 64 * 1024;
/** A function may have taken the host's place: it is read no faster than a busy host tells, and waits in its write. */
const BURST_BYTES = 4 * 1024;
const BYTES_PER_MS = 1024;
/** Lines that are no reports; whoever writes more is no host of ours, and nothing more of it is read. */
const JUNK_LINES_MAX = 100;

export class HostReports {
	/** Told when `working` changes. */
	onWorking: () => void = () => {};
	/** Resolves when the function listens; never, where nobody tells. */
	readonly listening: Promise<void>;
	readonly #resolveListening: () => void;
	#working = false;
	#loaded = false;
	#failure: RuntimeError | null = null;
	#junkLines = 0;

	constructor() {
		const listening = Promise.withResolvers<void>();
		this.listening = listening.promise;
		this.#resolveListening = listening.resolve;
	}

	/** Promises that the function gave to `waitUntil` are pending. */
	get working(): boolean {
		return this.#working;
	}

	/** The function's module has been evaluated. */
	get loaded(): boolean {
		return this.#loaded;
	}

	/** Why it can not be served; null: nothing was told. */
	get failure(): RuntimeError | null {
		return this.#failure;
	}

	/** Resolves when the host has closed its end, or is not listened to any more; never rejects. */
	async read(source: ByteSource): Promise<void> {
		const lines = new LineSplitter(LINE_BYTES_MAX, (line) => this.#take(line));
		let bytes = 0;
		try {
			for await (const chunk of source) {
				lines.push(chunk);
				if (this.#isJunk) source.destroy();
				bytes += chunk.length;
				if (bytes < BURST_BYTES) continue;
				await delay(bytes / BYTES_PER_MS);
				bytes = 0;
			}
		} catch {
			// What came before is what there is.
		}
		this.#work(false);
	}

	get #isJunk(): boolean {
		return this.#junkLines > JUNK_LINES_MAX;
	}

	#take(line: string): void {
		if (this.#isJunk) return;
		const report = parseReport(line);
		if (report === null) this.#junkLines += 1;
		if (report?.kind === 'loaded') this.#loaded = true;
		if (report?.kind === 'listening') this.#resolveListening();
		if (report?.kind === 'failed') this.#failure ??= reportedError(report);
		if (report?.kind === 'working') this.#work(report.working);
	}

	#work(working: boolean): void {
		if (working === this.#working) return;
		this.#working = working;
		this.onWorking();
	}
}
