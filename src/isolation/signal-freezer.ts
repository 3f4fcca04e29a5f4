/** Stops processes, and lets them go on, where no control group can do it. Those that are gone, or belong to another user, are passed over. */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { FREEZE_STEPS_MS, type Freezing } from './freezer.ts';

/** Whoever forks and ends faster than that is not caught. */
const ROUNDS_MAX = 100;
/** One tells who is there, the next that they stand still. */
const LOOK_ROUNDS = 2;
/** Stopped, traced, ended: it forks no more. */
const STANDING = /^[TtZX]$/;

export class SignalFreezer implements Freezing {
	readonly #processIds: () => readonly number[];
	readonly #group: number | null;
	/** Who is stopped keeps its number; one that was ended meanwhile needs no signal. */
	#stopped: readonly number[] = [];
	#wanted = false;

	/** `group`: a process group, stopped at once, so that few of it fork meanwhile. */
	constructor(processIds: () => readonly number[], group: number | null = null) {
		this.#processIds = processIds;
		this.#group = group;
	}

	/** A thaw before the last one stands still has it resolve with false. */
	async freeze(): Promise<boolean> {
		if (this.#group !== null) signal(-this.#group, 'SIGSTOP');
		this.#wanted = true;
		if (this.#stop(ROUNDS_MAX)) return true;
		for (const waitMs of FREEZE_STEPS_MS) {
			await delay(waitMs, undefined, { ref: false });
			if (!this.#wanted) return false;
			if (this.#stop(LOOK_ROUNDS)) return true;
		}
		return false;
	}

	/** The last first: before a place's init runs the function, which somebody waits for. Whoever they fork runs. */
	thaw(): void {
		this.#wanted = false;
		if (this.#group !== null) signal(-this.#group, 'SIGCONT');
		for (const pid of this.#stopped.toReversed()) signal(pid, 'SIGCONT');
		this.#stopped = [];
	}

	#stop(rounds: number): boolean {
		const { pids, complete } = stopAll(this.#processIds, rounds);
		this.#stopped = pids;
		return complete;
	}
}

export interface Stopped {
	/** In the order in which they were stopped. */
	readonly pids: readonly number[];
	/** They all stand still, and there is nobody else. */
	readonly complete: boolean;
}

/**
 * Stops every process that `processIds` tells, and asks again until none is new. SIGSTOP takes a moment, in which a fork that is
 * under way still succeeds: so all have to stand still before nobody new counts.
 */
export function stopAll(processIds: () => readonly number[], rounds: number = ROUNDS_MAX): Stopped {
	const stopped = new Set<number>();
	for (let round = 0; round < rounds; round += 1) {
		const stand = [...stopped].every(standsStill);
		const found = processIds().filter((pid) => !stopped.has(pid));
		if (found.length === 0 && stand) return { pids: [...stopped], complete: true };
		for (const pid of found) {
			stopped.add(pid);
			signal(pid, 'SIGSTOP');
		}
	}
	return { pids: [...stopped], complete: false };
}

/** A negative number names a group. */
function signal(pid: number, name: NodeJS.Signals): void {
	try {
		process.kill(pid, name);
	} catch {
		// It has just ended.
	}
}

function standsStill(pid: number): boolean {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
		const at = stat.lastIndexOf(')') + 2;
		return STANDING.test(stat.slice(at, at + 1));
	} catch {
		return true;
	}
}
