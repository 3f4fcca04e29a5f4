/** A request of a worker that waits for the owner to give it a place. */
import type { RuntimeError } from '../contract/errors.ts';
import type { LeasedInstance, PlaceWait } from '../pool/instance-source.ts';
import type { DeployedVersion } from './messages.ts';
import type { PlaceKeeper, RemoteInstance } from './remote-instance.ts';

/** Whose places are waited for. */
export interface WaitSource extends PlaceKeeper {
	/** What the owner calls the function; null: it has not been asked yet. */
	number: number | null;
	/** Which function of the catalog it is; null: of none. */
	readonly of: DeployedVersion | null;
	/** No request comes any more, but for those that have come. */
	readonly retired: boolean;
	/** Nothing is kept from now on. */
	share(): void;
	/** Places may be kept again. */
	keep(): void;
	/** One less waits. */
	answered(): void;
	/** The place is this request's. */
	grant(requestId: string, instance: RemoteInstance, place: number): void;
	/** The instance is certain to end. */
	onEnding(instance: RemoteInstance): void;
}

/** Who is asked. */
export interface WaitOwner {
	cancel(wait: RemoteWait): void;
}

export class RemoteWait implements PlaceWait {
	readonly source: WaitSource;
	readonly requestId: string;
	readonly place: Promise<LeasedInstance>;
	readonly #owner: WaitOwner;
	readonly #settle = Promise.withResolvers<LeasedInstance>();
	#state: 'waiting' | 'over' | RemoteInstance = 'waiting';

	constructor(source: WaitSource, requestId: string, owner: WaitOwner) {
		this.source = source;
		this.requestId = requestId;
		this.#owner = owner;
		this.place = this.#settle.promise;
	}

	cancel(): void {
		const state = this.#state;
		this.#state = 'over';
		if (state === 'over') return;
		if (state === 'waiting') {
			this.source.answered();
			this.#owner.cancel(this);
			return;
		}
		state.release(this.requestId, 'abandoned');
	}

	/** Of the owner: it is asked once, and answers once. */
	grant(instance: RemoteInstance, place: number): void {
		this.source.answered();
		this.source.grant(this.requestId, instance, place);
		this.#state = instance;
		this.#settle.resolve(instance);
	}

	refuse(error: RuntimeError): void {
		this.source.answered();
		this.#state = 'over';
		this.#settle.reject(error);
	}
}
