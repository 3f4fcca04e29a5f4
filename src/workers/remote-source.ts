/**
 * The places of one function as a worker has them. They are the owner's; the worker keeps some for a while, so that a busy one need not ask for
 * each request:
 *
 *     request ──take──▶ a kept place, on the instance with the fewest requests
 *        │ none kept
 *        └──wait──▶ the owner: its pool, and whoever waits there
 *     end ──▶ kept, as long as nobody waits for a place; given back when it lay idle for a whole period
 *
 * A place that was left by a timeout, or abandoned, goes back at once: what that means is for the owner to judge.
 */
import type { InstanceSource, LeasedInstance, LeaseEnd, PlaceWait } from '../pool/instance-source.ts';
import { LeastLoaded } from '../pool/least-loaded.ts';
import type { DeployedVersion } from './messages.ts';
import type { PlaceMarks } from './place-marks.ts';
import type { InstanceOwner, RemoteInstance } from './remote-instance.ts';
import { RemoteWait, type WaitOwner, type WaitSource } from './remote-wait.ts';

/** What lay idle from one look to the next goes back. */
const LOOK_MS = 100;

/** Who is asked for places, and gets them back. */
export interface PlaceOwner extends InstanceOwner, WaitOwner {
	want(wait: RemoteWait): void;
	release(place: number, how: LeaseEnd): void;
}

export class RemoteSource implements InstanceSource, WaitSource {
	number: number | null;
	readonly of: DeployedVersion | null;
	readonly #owner: PlaceOwner;
	readonly #marks: Pick<PlaceMarks, 'begin' | 'end'>;
	/** Those on which places are kept. */
	readonly #kept = new LeastLoaded<RemoteInstance>(Number.MAX_SAFE_INTEGER);
	#keptCount = 0;
	/** The fewest that were kept since the last look. */
	#keptMin = 0;
	#timer: NodeJS.Timeout | undefined;
	/** Requests that wait for the owner. */
	#waiting = 0;
	#sharing = false;
	#retired = false;

	/** `which`: what the owner calls the function, or is asked for to know. */
	constructor(which: number | DeployedVersion, owner: PlaceOwner, marks: Pick<PlaceMarks, 'begin' | 'end'>) {
		this.number = typeof which === 'number' ? which : null;
		this.of = typeof which === 'number' ? null : which;
		this.#owner = owner;
		this.#marks = marks;
	}

	get retired(): boolean {
		return this.#retired;
	}

	take(requestId: string): LeasedInstance | null {
		// Those who wait come first.
		if (this.#waiting > 0) return null;
		const instance = this.#kept.first();
		if (instance === null) return null;
		this.grant(requestId, instance, this.#takeKept(instance));
		return instance;
	}

	wait(requestId: string): PlaceWait {
		this.#waiting += 1;
		const wait = new RemoteWait(this, requestId, this.#owner);
		this.#owner.want(wait);
		return wait;
	}

	/** For the waits: one has its answer, or is given up. */
	answered(): void {
		this.#waiting -= 1;
	}

	/** The place is this request's. */
	grant(requestId: string, instance: RemoteInstance, place: number): void {
		this.#marks.begin(place, requestId);
		instance.enter(requestId, place);
		if (instance.listed) this.#kept.put(instance, instance.load - 1);
	}

	/** Nothing is kept from now on. */
	share(): void {
		this.#sharing = true;
		this.#giveBack(this.#keptCount);
	}

	/** Places may be kept again. */
	keep(): void {
		this.#sharing = this.#retired;
	}

	/** No request comes any more, but for those that have come. */
	retire(): void {
		this.#retired = true;
		this.share();
	}

	onRelease(instance: RemoteInstance, place: number, end: LeaseEnd): void {
		this.#marks.end(place, end === 'answered');
		if (end !== 'answered' || this.#sharing || this.#waiting > 0 || instance.ended) {
			instance.leave();
			this.#owner.release(place, end);
		} else {
			instance.kept.push(place);
			this.#keptCount += 1;
			this.#timer ??= this.#startLooking();
		}
		if (instance.kept.length > 0) this.#kept.put(instance, instance.load + 1);
	}

	/** The instance is certain to end: nothing is kept there. */
	onEnding(instance: RemoteInstance): void {
		while (instance.kept.length > 0) this.#owner.release(this.#takeKept(instance), 'abandoned');
		instance.end();
	}

	#takeKept(instance: RemoteInstance): number {
		const place = instance.kept.pop();
		if (place === undefined) throw new Error('an instance is listed while places are kept on it');
		if (instance.kept.length === 0) this.#kept.remove(instance);
		this.#keptCount -= 1;
		this.#keptMin = Math.min(this.#keptMin, this.#keptCount);
		return place;
	}

	/** Those on instances without a request first, so that these can go. */
	#giveBack(count: number): void {
		for (let given = 0; given < count; given++) {
			const [idle = this.#kept.first()] = this.#kept.idle();
			if (idle === null) return;
			const place = this.#takeKept(idle);
			idle.leave();
			this.#owner.release(place, 'answered');
		}
	}

	#startLooking(): NodeJS.Timeout {
		this.#keptMin = 0;
		return setInterval(() => this.#look(), LOOK_MS).unref();
	}

	#look(): void {
		this.#giveBack(this.#keptMin);
		this.#keptMin = this.#keptCount;
		if (this.#keptCount > 0) return;
		clearInterval(this.#timer);
		this.#timer = undefined;
	}
}
