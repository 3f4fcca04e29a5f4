/** An instance as a worker sees it: the places that it has there, in use and kept, and the owner to ask for all else. */
import { monotonicMs } from '../base/clock.ts';
import type { RuntimeError } from '../contract/errors.ts';
import type { Connection, ConnectionHandler } from '../engine/connection.ts';
import { adopt } from '../engine/sockets.ts';
import type { ConnectionKeeper, LeasedInstance, LeaseEnd } from '../pool/instance-source.ts';
import type { Loaded } from '../pool/least-loaded.ts';
import { ClosedConnection } from '../process/closed-connection.ts';

/** Who has the instance. */
export interface InstanceOwner {
	/** A descriptor of a new connection to it. */
	socket(instance: number): Promise<number>;
	/** A connection to it waits, perhaps for idle ones of other workers to go; or none does any more. */
	waits(instance: number, waits: boolean): void;
	/** Why a connection to it was lost. */
	cause(instance: number): Promise<RuntimeError>;
}

/** Who keeps its places. */
export interface PlaceKeeper {
	/** The request has left it. */
	onRelease(instance: RemoteInstance, place: number, end: LeaseEnd): void;
}

export interface InstanceAges {
	readonly startedForMs: number;
	readonly readyForMs: number;
}

export class RemoteInstance implements LeasedInstance, Loaded<RemoteInstance> {
	readonly number: number;
	readonly ending: Promise<void>;
	readonly life: LeasedInstance['life'];
	/** Places that no request is on, the one used last at the end. */
	readonly kept: number[] = [];
	/** Neighbours; see least-loaded.ts. */
	previous: RemoteInstance | null = null;
	next: RemoteInstance | null = null;
	listed = false;
	readonly #owner: InstanceOwner;
	readonly #keeper: PlaceKeeper;
	readonly #inUse = new Map<string, number>();
	readonly #resolveEnding: () => void;
	#connections: ConnectionKeeper | null = null;
	#ended = false;

	constructor(
		number: number,
		{ startedForMs, readyForMs }: InstanceAges,
		owner: InstanceOwner,
		keeper: PlaceKeeper,
	) {
		const nowMs = monotonicMs();
		this.number = number;
		this.life = { startedMs: nowMs - startedForMs, readyMs: nowMs - readyForMs };
		this.#owner = owner;
		this.#keeper = keeper;
		const { promise, resolve } = Promise.withResolvers<void>();
		this.ending = promise;
		this.#resolveEnding = resolve;
	}

	/** Requests of this worker on it. */
	get load(): number {
		return this.#inUse.size;
	}

	/** It is certain to end. */
	get ended(): boolean {
		return this.#ended;
	}

	enter(requestId: string, place: number): void {
		this.#inUse.set(requestId, place);
	}

	/** The owner has the connection that proved readiness, and closes it: descriptors are passed, connections are not. */
	takeProbe(): null {
		return null;
	}

	connect(handler: ConnectionHandler, onOpen: () => void): Connection {
		if (this.#ended) return new ClosedConnection(handler);
		return adopt(this.#owner.socket(this.number), handler, onOpen);
	}

	keptBy(keeper: ConnectionKeeper): void {
		this.#connections = keeper;
	}

	waits(waits: boolean): void {
		this.#owner.waits(this.number, waits);
	}

	/** Another worker waits, or none does any more. */
	makeWay(wanted: boolean): void {
		this.#connections?.makeWay(wanted);
	}

	/** Before a place is given back: a function that serves one connection at a time would wait on an idle one of ours. */
	leave(): void {
		if (this.load === 0 && this.kept.length === 0) this.#connections?.closeIdle();
	}

	causeOfLoss(): Promise<RuntimeError> {
		return this.#owner.cause(this.number);
	}

	release(requestId: string, end: LeaseEnd): void {
		const place = this.#inUse.get(requestId);
		if (place === undefined) throw new Error(`${requestId} has no place`);
		this.#inUse.delete(requestId);
		this.#keeper.onRelease(this, place, end);
	}

	end(): void {
		this.#ended = true;
		this.#resolveEnding();
	}
}
