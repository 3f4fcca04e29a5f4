/** The instances that a worker has heard of, as each of its sources has them: places of two sources on one instance are apart. */
import { type InstanceAges, type InstanceOwner, RemoteInstance } from './remote-instance.ts';
import type { WaitSource } from './remote-wait.ts';

interface Heard {
	readonly instance: RemoteInstance;
	readonly source: WaitSource;
}

export class HeardInstances {
	readonly #owner: InstanceOwner;
	/** By number. Mostly one source knows of an instance. */
	readonly #heard = new Map<number, readonly Heard[]>();

	constructor(owner: InstanceOwner) {
		this.#owner = owner;
	}

	/** A place of the source is there. */
	at(number: number, ages: InstanceAges, source: WaitSource): RemoteInstance {
		const heard = this.#heard.get(number) ?? [];
		const known = heard.find((one) => one.source === source)?.instance;
		if (known !== undefined) return known;
		const instance = new RemoteInstance(number, ages, this.#owner, source);
		this.#heard.set(number, [...heard.filter(isNeeded), { instance, source }]);
		return instance;
	}

	/** It is certain to end. */
	onEnding(number: number): void {
		const heard = this.#heard.get(number) ?? [];
		this.#heard.delete(number);
		for (const { instance, source } of heard) source.onEnding(instance);
	}

	/** Idle connections to it are in the way of another worker's, or are not any more. */
	makeWay(number: number, wanted: boolean): void {
		for (const { instance } of this.#heard.get(number) ?? []) instance.makeWay(wanted);
	}
}

/** A source that was given up needs the instance for the requests that it has there, and then lets its connections go. */
function isNeeded({ instance, source }: Heard): boolean {
	if (!source.retired || instance.load > 0) return true;
	instance.end();
	return false;
}
