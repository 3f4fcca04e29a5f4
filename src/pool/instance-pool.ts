/**
 * The instances of one function.
 *
 *     request ──take──▶ the least loaded instance with a free place
 *        │ none free
 *        └──wait──▶ queue ──▶ a place that gets free, or one on an instance started for those who wait
 *
 *     starting ──ready──▶ listed ⇄ busy ──idle for too long, or unanswering──▶ leaving ──▶ stopped
 *         │                  └── ends by itself: its own requests only ──▶ backoff ──▶ started again when wanted
 *         └── fails: the requests it was started for are told why
 *
 * Starts are for waiters: never more than they ask for, never two for one. reserved-keeper.ts keeps some, idle-sweep.ts lets go.
 */
import type { RuntimeError } from '../contract/errors.ts';
import { LIMITS } from '../contract/limits.ts';
import type { ScalingSettings } from '../contract/scaling-settings.ts';
import type { ExitCause } from '../process/exit-cause.ts';
import type { Instance } from '../process/instance.ts';
import { stoppedError } from '../process/start-errors.ts';
import { IdleSweep } from './idle-sweep.ts';
import type { InstanceSource, LeaseEnd } from './instance-source.ts';
import { InstanceStarter } from './instance-starter.ts';
import { instancesMaxOf } from './instances-max-of.ts';
import { LeastLoaded } from './least-loaded.ts';
import { PlaceQueue, Waiter } from './place-queue.ts';
import { disabledError, queueFullError, queueTimeError } from './pool-errors.ts';
import { PoolMember } from './pool-member.ts';
import type { PoolOptions } from './pool-options.ts';
import type { PoolStats } from './pool-stats.ts';
import { Quiet } from './quiet.ts';
import { ReservedKeeper } from './reserved-keeper.ts';

/** Timeouts in a row after which an instance that takes several requests is taken for one that answers no more. */
const TIMEOUTS_MAX = 3;

export class InstancePool implements InstanceSource {
	readonly #options: PoolOptions;
	readonly #scaling: ScalingSettings;
	readonly #graceMs: number;
	readonly #ready: LeastLoaded<PoolMember>;
	readonly #queue: PlaceQueue;
	readonly #members = new Set<PoolMember>();
	/** Given no request any more, and not quite gone. */
	readonly #leaving = new Set<PoolMember>();
	readonly #starter: InstanceStarter;
	readonly #idle: IdleSweep;
	readonly #reserved: ReservedKeeper;
	/** Places taken. */
	#requests = 0;
	#open = true;
	readonly #quiet = new Quiet();
	#stopped: Promise<void> | null = null;

	constructor(options: PoolOptions) {
		const { scaling } = options;
		this.#options = options;
		this.#scaling = scaling;
		this.#graceMs = options.stopGraceMs ?? LIMITS.stopGraceMs;
		this.#ready = new LeastLoaded(scaling.requestsPerInstanceMax);
		this.#queue = new PlaceQueue(scaling.queueSeconds * 1000, options.waitingRoom ?? null, () =>
			this.#onLess(),
		);
		this.#starter = new InstanceStarter(options, {
			ready: (instance, series) => this.#join(instance, series),
			failed: (error, refused) => this.#onStartFailure(error, refused),
		});
		this.#reserved = new ReservedKeeper(scaling.reserved, options.eager === true ? 1 : 0, {
			living: () => this.#members.size + this.#starter.underWay,
			room: () => this.#room,
			waitMs: () => this.#starter.waitMs(),
			start: () => this.#starter.start(),
		});
		this.#idle = new IdleSweep(this.#ready, scaling, {
			mayLeave: () => this.#members.size > this.#reserved.count,
			leave: (member) => this.#leave(member),
		});
		this.#reserved.keep();
	}

	take(requestId: string): PoolMember | null {
		// Those who wait come first.
		if (!this.#open || this.#queue.length > 0) return null;
		const member = this.#ready.first();
		if (member === null) return null;
		this.#requests += 1;
		member.enter(requestId);
		this.#ready.put(member, member.load - 1);
		return member;
	}

	wait(requestId: string): Waiter {
		const waiter = new Waiter(requestId, this.#queue, (late) => this.#onDeadline(late));
		if (!this.#open) waiter.refuse(stoppedError());
		else if (this.#instancesMax === 0) waiter.refuse(disabledError());
		else this.#enqueue(waiter);
		return waiter;
	}

	/** Takes no request from now on, serves those it has within the grace, and ends. Twice: the shorter grace holds. */
	async retire(graceMs: number): Promise<void> {
		this.#open = false;
		this.#reserved.close();
		const tells = [...this.#members].some(({ instance }) => instance.reports.loaded);
		await this.#quiet.settled(graceMs, () => this.#busy, tells);
		await this.stop();
	}

	/** Ends every instance now. Twice is harmless. */
	stop(): Promise<void> {
		this.#stopped ??= this.#stop();
		return this.#stopped;
	}

	stats(): PoolStats {
		return {
			starting: this.#starter.underWay,
			ready: this.#members.size,
			leaving: this.#leaving.size,
			requests: this.#requests,
			waiting: this.#queue.length,
			starts: this.#starter.starts,
		};
	}

	/** Reserved instances that are not ready, of those that there is room for. */
	get lacking(): number {
		return Math.max(0, Math.min(this.#reserved.count, this.#instancesMax) - this.#members.size);
	}

	/** For the members: a place has been given back. */
	onRelease(member: PoolMember, end: LeaseEnd): void {
		this.#requests -= 1;
		if (!member.leaving && member.listed) this.#ready.put(member, member.load + 1);
		if (end === 'answered') member.timeoutsInARow = 0;
		else if (end === 'timeout') this.#onTimeout(member);
		if (member.resting) this.#onIdle(member);
		if (this.#queue.length > 0) this.#serve();
		this.#onLess();
	}

	/** For the members: what went on without a request has ended. */
	onRest(member: PoolMember): void {
		this.#onIdle(member);
		this.#onLess();
	}

	get #instancesMax(): number {
		return instancesMaxOf(this.#scaling, this.#options.isolation);
	}

	get #busy(): boolean {
		const working = [...this.#members, ...this.#leaving].some((member) => member.working);
		return working || this.#queue.length > 0 || this.#requests > 0;
	}

	/** How many more instances there may be. */
	get #room(): number {
		return this.#instancesMax - this.#members.size - this.#starter.underWay;
	}

	/** Waiters that instances under way will have places for. */
	get #covered(): number {
		return this.#starter.underWay * this.#scaling.requestsPerInstanceMax;
	}

	#enqueue(waiter: Waiter): void {
		if (!this.#queue.add(waiter)) return;
		this.#serve();
		this.#scaleUp();
		// It is the last one, if it waits still.
		const overflows = this.#queue.length > this.#covered + this.#scaling.queueMax;
		if (overflows && this.#queue.remove(waiter))
			waiter.refuse(queueFullError(this.#scaling, this.#members.size));
	}

	/** Gives free places to those who wait, in their order. */
	#serve(): void {
		while (this.#queue.length > 0) {
			const member = this.#ready.first();
			if (member === null) return;
			// Before it leaves the queue: nobody is to find a pool without either.
			this.#requests += 1;
			this.#queue.shift()?.grant(member);
			this.#ready.put(member, member.load - 1);
		}
	}

	/** Starts what those who wait need, at once and side by side. */
	#scaleUp(): void {
		while (this.#queue.length > this.#covered && this.#room > 0) {
			if (this.#starter.putOff) {
				// Where other instances live, their places will come free.
				if (this.#members.size + this.#starter.underWay === 0) this.#refuseAll(this.#starter.crashLoop());
				return;
			}
			// Whoever it is for may have been served meanwhile, where it had to wait itself.
			void this.#starter.startSoon(() => this.#queue.length > this.#covered);
		}
	}

	#join(instance: Instance, series: number): void {
		const member = new PoolMember(instance, series, this, this.#options.settings.timeoutSeconds);
		this.#members.add(member);
		member.ending.then((cause) => this.#onEnd(member, cause));
		this.#ready.put(member, 0);
		this.#serve();
		this.#refuseOverdue();
		if (member.load === 0) this.#onIdle(member);
	}

	#onStartFailure(error: RuntimeError, refused: boolean): void {
		// What could not even be started will not be, whoever asks; a start that failed was for its share of those who wait.
		const alone = this.#members.size + this.#starter.underWay === 0;
		const share = refused && alone ? this.#queue.length : this.#scaling.requestsPerInstanceMax;
		for (let count = 0; count < share && this.#queue.length > 0; count++) this.#queue.shift()?.refuse(error);
		this.#refuseOverdue();
		this.#scaleUp();
		this.#reserved.startFailed(refused);
	}

	/** It has ended, or is certain to: by itself, or because it was told to. */
	#onEnd(member: PoolMember, cause: ExitCause): void {
		const { instance, series } = member;
		if (cause.kind !== 'stopped') this.#starter.died(cause, instance.readyForMs ?? 0, series);
		// Those still on it are answered by their connections, and give their places back as they go.
		this.#unlist(member);
		this.#scaleUp();
		this.#reserved.keep();
	}

	#onTimeout(member: PoolMember): void {
		member.timeoutsInARow += 1;
		const { requestsPerInstanceMax } = this.#scaling;
		// With one request at a time, the one that was given up may still be worked on: nothing else is sent there.
		if (member.leaving || (requestsPerInstanceMax > 1 && member.timeoutsInARow < TIMEOUTS_MAX)) return;
		this.#options.log.write('warn', 'an instance that does not answer is replaced', {
			timeoutsInARow: member.timeoutsInARow,
			requestsInFlight: member.load,
		});
		this.#leave(member);
	}

	#onIdle(member: PoolMember): void {
		if (member.leaving) void member.instance.stop(this.#graceMs);
		else this.#idle.add(member);
	}

	/** It is stopped when it has no request left; those who wait do not wait for that. */
	#leave(member: PoolMember): void {
		this.#unlist(member);
		if (member.resting) this.#onIdle(member);
		this.#scaleUp();
		this.#reserved.keep();
	}

	/** No request goes there from now on. */
	#unlist(member: PoolMember): void {
		this.#ready.remove(member);
		if (!this.#members.delete(member)) return;
		member.leaving = true;
		this.#leaving.add(member);
		// Until its last words are logged, so that a stop waits for them.
		member.instance.ended.then(() => member.instance.stop()).then(() => this.#leaving.delete(member));
	}

	/** A request or a waiter less. */
	#onLess(): void {
		if (!this.#open && !this.#busy) this.#quiet.come();
	}

	#onDeadline(waiter: Waiter): void {
		// An instance is being started for it: that has a limit of its own.
		if (this.#queue.position(waiter) < this.#covered) {
			waiter.overdue = true;
			return;
		}
		this.#queue.remove(waiter);
		waiter.refuse(queueTimeError(this.#scaling, this.#members.size));
	}

	#refuseOverdue(): void {
		for (const waiter of this.#queue.takeOverdue(this.#covered))
			waiter.refuse(queueTimeError(this.#scaling, this.#members.size));
	}

	#refuseAll(error: RuntimeError): void {
		for (let waiter = this.#queue.shift(); waiter !== null; waiter = this.#queue.shift())
			waiter.refuse(error);
	}

	async #stop(): Promise<void> {
		this.#open = false;
		this.#reserved.close();
		this.#idle.close();
		this.#refuseAll(stoppedError());
		this.#quiet.come();
		const ends = [...this.#members, ...this.#leaving].map(({ instance }) => instance.stop(this.#graceMs));
		await Promise.all([...ends, this.#starter.stop(this.#graceMs)]);
	}
}
