/**
 * Holds busy instances to their `memory_size`: every 100 ms each is measured. One timer for all, none while nothing is busy.
 * An idle instance is left to the kernel's bound, where there is one.
 */
import type { MemoryBreach } from '../process/sandbox.ts';
import type { MemorySource } from './memory-source.ts';

const STEP_MS = 100;

export type OnBreach = (breach: MemoryBreach) => void;

export interface WatchedMemory {
	/** Cheap enough for each request. One that was busy only between two looks is measured at the next. */
	setBusy(busy: boolean): void;
	/** The most that was seen. */
	readonly peakBytes: number;
	/** Call it when the bootstrap has ended, before its group is removed: whether its end was, or goes with, a breach. */
	breachAtExit(): MemoryBreach | null;
	/** Twice is harmless. */
	remove(): void;
}

export class MemoryWatch {
	readonly #stepMs: number;
	/** Busy ones, and those that were since the last look. */
	readonly #measured = new Set<Watched>();
	#timer: NodeJS.Timeout | undefined;

	constructor(stepMs: number = STEP_MS) {
		this.#stepMs = stepMs;
	}

	/** `onBreach` is called at most once, from the timer. */
	add(source: MemorySource, limitBytes: number, onBreach: OnBreach): WatchedMemory {
		return new Watched(source, limitBytes, onBreach, {
			start: (watched) => this.#start(watched),
			stop: (watched) => this.#stop(watched),
		});
	}

	/** False while no timer runs. */
	get isWatching(): boolean {
		return this.#timer !== undefined;
	}

	#start(watched: Watched): void {
		this.#measured.add(watched);
		if (this.#timer !== undefined) return;
		this.#timer = setInterval(() => this.#look(), this.#stepMs);
		this.#timer.unref();
	}

	#stop(watched: Watched): void {
		this.#measured.delete(watched);
		if (this.#measured.size > 0) return;
		clearInterval(this.#timer);
		this.#timer = undefined;
	}

	#look(): void {
		for (const watched of this.#measured) {
			watched.measure();
			if (!watched.busy) this.#stop(watched);
		}
	}
}

interface Timing {
	start(watched: Watched): void;
	stop(watched: Watched): void;
}

class Watched implements WatchedMemory {
	readonly #source: MemorySource;
	readonly #limitBytes: number;
	readonly #onBreach: OnBreach;
	readonly #timing: Timing;
	#state: 'watched' | 'breached' | 'removed' = 'watched';
	#breach: MemoryBreach | null = null;
	busy = false;
	peakBytes = 0;

	constructor(source: MemorySource, limitBytes: number, onBreach: OnBreach, timing: Timing) {
		this.#source = source;
		this.#limitBytes = limitBytes;
		this.#onBreach = onBreach;
		this.#timing = timing;
	}

	setBusy(busy: boolean): void {
		this.busy = busy && this.#state === 'watched';
		if (this.busy) this.#timing.start(this);
	}

	measure(): void {
		if (this.#state !== 'watched') return;
		const used = this.#source.usedBytes();
		if (used !== null) this.peakBytes = Math.max(this.peakBytes, used);
		const breach = this.#judge();
		if (breach === null) return;
		this.#end('breached');
		this.#onBreach(breach);
	}

	breachAtExit(): MemoryBreach | null {
		return this.#judge();
	}

	remove(): void {
		this.#end('removed');
	}

	#judge(): MemoryBreach | null {
		if (this.#breach !== null) return this.#breach;
		const limitBytes = this.#limitBytes;
		const killedAt = this.#source.killedAtBytes();
		// The kernel counts what it needs itself: its bound may be met a little below the limit.
		if (killedAt !== null) this.peakBytes = Math.max(this.peakBytes, killedAt, limitBytes);
		if (killedAt === null && this.peakBytes <= limitBytes) return null;
		this.#breach = { peakBytes: this.peakBytes, limitBytes };
		return this.#breach;
	}

	#end(state: 'breached' | 'removed'): void {
		this.#state = state;
		this.busy = false;
		this.#timing.stop(this);
	}
}
