/**
 * Places made ahead, so that a cold start does not pay for one. What is taken is made again a little later, when no start is
 * under way on the thread that makes them.
 */
import { closeSync } from 'node:fs';
import { monotonicMs } from '../base/clock.ts';
import type { ProcessExit } from '../process/spawn.ts';
import type { Cgroups, InstanceCgroup, InstanceLimits } from './cgroup.ts';
import type { ThreadClient } from './thread-client.ts';
import type { PlacePlan, ReadyPlace } from './thread-protocol.ts';

/** Places kept ready at least, and how long after the last start the stock is filled up: most functions listen by then, undisturbed. */
const READY_PLACES = 4;
/** As many after a rush that found the stock empty, until none has come for a while. */
const RUSH_PLACES = 16;
const RUSH_MS = 60_000;
/** One for each function that may start, up to here: a place takes about 15 descriptors. */
const PLACES_MAX = 24;
export const REFILL_DELAY_MS = 250;

export interface StockedPlace extends ReadyPlace, Pick<PlacePlan, 'born'> {
	/** The bootstrap's process is in it, and so will be what that forks. Null where the host gives none. */
	readonly cgroup: InstanceCgroup | null;
	/** What that group is held to already. */
	readonly limits: InstanceLimits | null;
	/** Resolves when every process of the place is gone; never rejects. */
	readonly exited: Promise<ProcessExit>;
}

export class PlaceStock {
	readonly #thread: ThreadClient;
	readonly #plan: PlacePlan;
	readonly #cgroups: Cgroups | null;
	readonly #ready = new Set<StockedPlace>();
	/** Those whose instances take their places here. */
	readonly #functions = new Set<string>();
	#emptyAtMs = Number.NEGATIVE_INFINITY;
	/** Of the last place taken: the next one is likely to want the same. */
	#usualLimits: InstanceLimits | null = null;
	#filling = false;
	#timer: NodeJS.Timeout | undefined;
	#closed = false;

	constructor(thread: ThreadClient, plan: PlacePlan, cgroups: Cgroups | null) {
		this.#thread = thread;
		this.#plan = plan;
		this.#cgroups = cgroups;
	}

	/**
	 * A place of its own for the caller, held to these limits; its descriptors are the caller's to close. Rejects with a
	 * ThreadFailure, or what the control group says.
	 */
	async take(limits: InstanceLimits): Promise<StockedPlace> {
		const [ready] = this.#ready;
		if (ready === undefined) this.#emptyAtMs = monotonicMs();
		else this.#ready.delete(ready);
		this.#usualLimits = limits;
		this.refill();
		const place = ready ?? (await this.make(limits));
		await this.hold(place, limits);
		return place;
	}

	/** Changes what a place's group is held to, where it is held to something else. Rejects as that does, having ended the place. */
	async hold(place: StockedPlace, limits: InstanceLimits): Promise<void> {
		if (sameLimits(place.limits, limits)) return;
		try {
			place.cgroup?.limit(limits);
		} catch (error) {
			await this.end(place);
			throw error;
		}
	}

	/**
	 * Instances of this function will take places here. The limits of the first are what places made ahead are held to, until one
	 * is taken.
	 */
	expect(functionName: string, limits: InstanceLimits): void {
		this.#usualLimits ??= limits;
		this.#functions.add(functionName);
	}

	/** Makes one now. Rejects as `take` does. */
	async prepare(): Promise<void> {
		this.#keep(await this.make(this.#usualLimits));
	}

	/** One beside the stock, held to these limits; its descriptors are the caller's to close. Rejects as `take` does. */
	async make(limits: InstanceLimits | null): Promise<StockedPlace> {
		const ready = await this.#thread.call('make', this.#plan);
		const { born } = this.#plan;
		const place = { ...ready, born, exited: this.#thread.exitOf(ready.id), limits };
		try {
			return { ...place, cgroup: await this.#group(ready.bootstrapPid, limits) };
		} catch (error) {
			await this.end({ ...place, cgroup: null });
			throw error;
		}
	}

	/** Fills up a little later; asked again meanwhile, later still. */
	refill(): void {
		if (this.#closed) return;
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.#fill(), REFILL_DELAY_MS);
		this.#timer.unref();
	}

	/** Ends a place that nothing was started in. Resolves when nothing of it is left. */
	async end(place: StockedPlace): Promise<void> {
		this.#thread.hold();
		// A thread that has ended took its places with it.
		await this.#thread.call('kill', { id: place.id }).catch(() => {});
		await place.exited;
		this.#thread.release();
		await this.discard(place);
	}

	/** Lets go of what is held of a place that has ended, or ends with the thread. */
	async discard(place: StockedPlace): Promise<void> {
		for (const fd of descriptorsOf(place)) closeSync(fd);
		await place.cgroup?.remove();
	}

	/** The processes of what is kept end with the thread. */
	close(): void {
		this.#closed = true;
		clearTimeout(this.#timer);
		for (const place of this.#ready) this.#discard(place);
	}

	get #wanted(): number {
		const least = monotonicMs() - this.#emptyAtMs < RUSH_MS ? RUSH_PLACES : READY_PLACES;
		return Math.min(PLACES_MAX, Math.max(least, this.#functions.size));
	}

	async #group(pid: number, limits: InstanceLimits | null): Promise<InstanceCgroup | null> {
		const cgroup = this.#cgroups?.create() ?? null;
		try {
			await cgroup?.enroll(pid);
			if (limits !== null) cgroup?.limit(limits);
			return cgroup;
		} catch (error) {
			await cgroup?.remove();
			throw error;
		}
	}

	/** One after the other: a start that comes meanwhile waits for one at most. */
	async #fill(): Promise<void> {
		if (this.#filling) return;
		this.#filling = true;
		try {
			while (!this.#closed && this.#ready.size < this.#wanted) {
				await this.prepare();
			}
		} catch {
			// Whoever needs a place next meets the failure, and is told.
		}
		this.#filling = false;
	}

	#keep(place: StockedPlace): void {
		this.#ready.add(place);
		place.exited.then(() => this.#discard(place));
		if (this.#closed) this.#discard(place);
	}

	#discard(place: StockedPlace): void {
		if (this.#ready.delete(place)) void this.discard(place);
	}
}

function descriptorsOf({ stdoutFd, stderrFd, toldFd, egress }: StockedPlace): number[] {
	const sockets = egress === null ? [] : [egress.tcp, egress.tcp6, egress.dnsUdp, egress.dnsTcp];
	return [stdoutFd, stderrFd, toldFd, ...sockets.filter((fd) => fd !== null)];
}

function sameLimits(one: InstanceLimits | null, other: InstanceLimits): boolean {
	return (
		one !== null &&
		one.memoryBytes === other.memoryBytes &&
		one.tmpBytes === other.tmpBytes &&
		one.cpuMillicores === other.cpuMillicores &&
		one.processesMax === other.processesMax
	);
}
