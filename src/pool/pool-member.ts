/** One instance of a pool, with the places taken on it. */
import { monotonicMs } from '../base/clock.ts';
import type { RuntimeError } from '../contract/errors.ts';
import type { Connection, ConnectionHandler } from '../engine/connection.ts';
import type { ExitCause } from '../process/exit-cause.ts';
import type { Instance } from '../process/instance.ts';
import type { LeasedInstance, LeaseEnd } from './instance-source.ts';

/** The host of an edge function gives promises up by itself: it is given so much longer. */
const OVERTIME_MS = 1_000;

export interface MemberOwner {
	/** A place has been given back. */
	onRelease(member: PoolMember, end: LeaseEnd): void;
	/** What goes on in it without a request has come to its end. */
	onRest(member: PoolMember): void;
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
	/** Milliseconds that work may go on after the last request. */
	readonly #workMs: number;
	#overtime: NodeJS.Timeout | undefined;
	/** It works for longer: that is not waited for. */
	#overdue = false;

	constructor(instance: Instance, series: number, owner: MemberOwner, timeoutSeconds: number) {
		this.instance = instance;
		this.life = { startedMs: instance.madeMs, readyMs: this.idleSinceMs };
		this.series = series;
		this.#owner = owner;
		this.#workMs = timeoutSeconds * 1000 + OVERTIME_MS;
		instance.reports.onWorking = () => this.#onWorking();
	}

	get ending(): Promise<ExitCause> {
		return this.instance.ending;
	}

	get frozen(): boolean {
		return this.#frozen;
	}

	/** Something that a request left behind goes on: `waitUntil` of an edge function. */
	get working(): boolean {
		return this.instance.reports.working && !this.#overdue;
	}

	/** Nothing goes on in it. */
	get resting(): boolean {
		return this.load === 0 && !this.working;
	}

	/** Takes a place. */
	enter(requestId: string): void {
		clearTimeout(this.#overtime);
		this.#overdue = false;
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

	/** A new connection for another process, connected or connecting. The descriptor is the caller's to close. */
	openSocket(): Promise<number> {
		return this.instance.openSocket();
	}

	causeOfLoss(): Promise<RuntimeError> {
		return this.instance.causeOfLoss();
	}

	release(requestId: string, end: LeaseEnd): void {
		this.load -= 1;
		this.instance.leave(requestId);
		if (this.load === 0 && this.working) this.#startOvertime();
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

	#onWorking(): void {
		if (this.load > 0) return;
		if (this.working) this.#startOvertime();
		else this.#rest();
	}

	/** The host of the function keeps to its time; a function may have taken the host's place. */
	#startOvertime(): void {
		clearTimeout(this.#overtime);
		this.#overtime = setTimeout(() => {
			this.#overdue = true;
			this.#rest();
		}, this.#workMs);
		this.#overtime.unref();
	}

	#rest(): void {
		clearTimeout(this.#overtime);
		this.instance.rest();
		this.#owner.onRest(this);
	}
}
