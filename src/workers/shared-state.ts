/**
 * What the processes of one httpfn tell each other without a message, in memory that all of them have mapped:
 *
 *     usage     of each worker: open connections, bytes of bodies that are held
 *     networks  of each worker: connections by a hash of the client's network
 *     marks     of each place that a worker has: the request on it
 *
 * Every number has one writer, and readers add up: what a worker had is gone when its part is wiped.
 */
import { randomInt } from 'node:crypto';
import { makeSharedMemory, openSharedMemory, type SharedMemory } from '../engine/shared-memory.ts';
import type { Elsewhere } from '../gateway/elsewhere.ts';
import { PlaceMarks } from './place-marks.ts';
import { SharedNetworks } from './shared-networks.ts';
import { SharedUsage } from './shared-usage.ts';

/** Places of which the owner knows the request; more than any host works on at once. */
const MARKS = 65_536;
/** How many workers there are, and the seed. */
const HEADER_BYTES = 8;
/** Connections, then bytes. */
const USAGES = 2;

export class SharedState {
	readonly descriptor: number;
	readonly marks: PlaceMarks;
	readonly #connections: Float64Array;
	readonly #heldBytes: Float64Array;
	readonly #networks: readonly Uint32Array[];
	readonly #seed: number;

	/** `make` and `open` call it. */
	constructor({ descriptor, bytes }: SharedMemory) {
		const [workers = 0, seed = 0] = new Uint32Array(bytes, 0, 2);
		const networks = HEADER_BYTES + workers * USAGES * Float64Array.BYTES_PER_ELEMENT;
		this.descriptor = descriptor;
		this.#seed = seed;
		this.#connections = new Float64Array(bytes, HEADER_BYTES, workers);
		this.#heldBytes = new Float64Array(
			bytes,
			HEADER_BYTES + workers * Float64Array.BYTES_PER_ELEMENT,
			workers,
		);
		this.#networks = Array.from(
			{ length: workers },
			(_, index) =>
				new Uint32Array(bytes, networks + index * SharedNetworks.tableBytes, SharedNetworks.counts),
		);
		this.marks = new PlaceMarks(bytes, networks + workers * SharedNetworks.tableBytes, MARKS);
	}

	/** Throws where there is no such memory. */
	static make(workers: number): SharedState {
		const usageBytes = workers * USAGES * Float64Array.BYTES_PER_ELEMENT;
		const networkBytes = workers * SharedNetworks.tableBytes;
		const memory = makeSharedMemory(HEADER_BYTES + usageBytes + networkBytes + PlaceMarks.bytesOf(MARKS));
		new Uint32Array(memory.bytes, 0, 2).set([workers, randomInt(2 ** 32)]);
		return new SharedState(memory);
	}

	/** Of a descriptor that the owner has handed over. */
	static open(descriptor: number): SharedState {
		return new SharedState(openSharedMemory(descriptor));
	}

	/** As one worker sees the others. */
	elsewhere(worker: number): Elsewhere {
		return {
			connections: new SharedUsage(this.#connections, worker),
			heldBytes: new SharedUsage(this.#heldBytes, worker),
			networks: new SharedNetworks(this.#networks, worker, this.#seed),
		};
	}

	/** The worker is gone, and its connections with it. */
	wipe(worker: number): void {
		this.#connections[worker] = 0;
		this.#heldBytes[worker] = 0;
		this.#networks[worker]?.fill(0);
	}
}
