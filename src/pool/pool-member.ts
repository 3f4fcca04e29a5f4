/** One instance of a pool, with the places taken on it. */
import { monotonicMs } from '../base/clock.ts';
import type { RuntimeError } from '../contract/errors.ts';
import type { Connection, ConnectionHandler } from '../engine/connection.ts';
import type { ExitCause } from '../process/exit-cause.ts';
import type { Instance } from '../process/instance.ts';
import type { LeasedInstance, LeaseEnd } from './instance-source.ts';

export interface MemberOwner {
	/** A place has been given back. */
	onRelease(member: PoolMember, end: LeaseEnd): void;
}

export class PoolMember implements LeasedInstance {
	readonly instance: Instance;
	/** Deaths in the pool that came before its start; see instance-starter.ts. */
	readonly series: number;
	readonly life: LeasedInstance['life'];
	/** Places taken. */
	load = 0;
	/** Given no request any more; stopped when its last one has ended. */
	leaving = false;
	/** Function timeouts since it answered last. */
	timeoutsInARow = 0;
	/** When its last request ended, or it became ready. */
	idleSinceMs = monotonicMs();
	/** Neighbours among those of the same load; see least-loaded.ts. */
	previous: PoolMember | null = null;
	next: PoolMember | null = null;
	listed = false;
	readonly #owner: MemberOwner;
	#frozen = false;

	constructor(instance: Instance, series: number, owner: MemberOwner) {
		this.instance = instance;
		this.life = { startedMs: instance.madeMs, readyMs: this.idleSinceMs };
		this.series = series;
		this.#owner = owner;
	}

	get ending(): Promise<ExitCause> {
		return this.instance.ending;
	}

	get frozen(): boolean {
		return this.#frozen;
	}

	/** Takes a place. */
	enter(requestId: string): void {
		if (this.#frozen) this.thaw();
		this.load += 1;
		this.instance.enter(requestId);
	}

	takeProbe(): Connection | null {
		return this.instance.takeProbe();
	}

	connect(handler: ConnectionHandler, onOpen: () => void): Connection {
		return this.instance.connect(handler, onOpen);
	}

	causeOfLoss(): Promise<RuntimeError> {
		return this.instance.causeOfLoss();
	}

	release(requestId: string, end: LeaseEnd): void {
		this.load -= 1;
		this.instance.leave(requestId);
		this.#owner.onRelease(this, end);
	}

	freeze(): void {
		this.#frozen = true;
		this.instance.freeze();
	}

	thaw(): void {
		this.#frozen = false;
		this.instance.thaw();
	}
}
