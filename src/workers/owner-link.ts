/** The worker's side of what is said with the owner about places: questions with their answers, and the instances that it has heard of. */
import { RuntimeError } from '../contract/errors.ts';
import { takeDescriptor } from '../engine/descriptor-passing.ts';
import type { LeaseEnd } from '../pool/instance-source.ts';
import { stoppedError } from '../process/start-errors.ts';
import { HeardInstances } from './heard-instances.ts';
import type { ErrorText, OwnerMessage, WorkerMessage } from './messages.ts';
import { Questions } from './questions.ts';
import type { PlaceOwner, RemoteSource } from './remote-source.ts';
import type { RemoteWait, WaitSource } from './remote-wait.ts';

type Grant = Extract<OwnerMessage, { kind: 'grant' }>;

/** A question for a place, and the number of the function that it went to; null: that is being asked for. */
interface Asked {
	readonly ask: number;
	readonly function: number | null;
}

export class OwnerLink implements PlaceOwner {
	readonly #send: (message: WorkerMessage) => void;
	readonly #descriptors: number;
	readonly #openSocket: ((instance: number) => Promise<number>) | null;
	/** Sources that requests may still come to. */
	readonly #sources = new Map<number, WaitSource>();
	readonly #instances = new HeardInstances(this);
	readonly #asks = new Map<number, RemoteWait>();
	readonly #asked = new Map<RemoteWait, Asked>();
	/** Functions of the catalog whose numbers have been asked for, and who waits for that. */
	readonly #openings = new Map<number, { readonly source: WaitSource; readonly waits: RemoteWait[] }>();
	readonly #sockets = new Questions<number>();
	readonly #causes = new Questions<RuntimeError>();
	/** Descriptors that came before the message about them. */
	readonly #passed = new Map<number, number>();
	#questions = 0;

	/** `descriptors`: the socket over which they are passed. `openSocket`: absent where the owner, another process, is asked. */
	constructor(
		send: (message: WorkerMessage) => void,
		descriptors: number,
		openSocket: ((instance: number) => Promise<number>) | null = null,
	) {
		this.#send = send;
		this.#descriptors = descriptors;
		this.#openSocket = openSocket;
	}

	/** One with a number. */
	add(source: RemoteSource): void {
		if (source.number !== null) this.#sources.set(source.number, source);
	}

	/** Only requests that have come already ask for places of it from now on: of what there is then, where it is of the catalog. */
	remove(source: RemoteSource): void {
		const { number, of } = source;
		source.retire();
		if (number !== null && this.#sources.get(number) === source) this.#sources.delete(number);
		if (of !== null) source.number = null;
	}

	want(wait: RemoteWait): void {
		const ask = this.#question();
		this.#asks.set(ask, wait);
		this.#asked.set(wait, { ask, function: null });
		this.#askFor(wait);
	}

	cancel(wait: RemoteWait): void {
		const asked = this.#asked.get(wait);
		if (asked === undefined) return;
		const { ask, function: number } = asked;
		this.#forget(ask);
		if (number !== null) this.#send({ kind: 'cancel', function: number, ask });
	}

	release(place: number, how: LeaseEnd): void {
		this.#send({ kind: 'release', place, how });
	}

	socket(instance: number): Promise<number> {
		if (this.#openSocket !== null) return this.#openSocket(instance);
		return this.#sockets.ask((number) => this.#send({ kind: 'connect', instance, number }));
	}

	waits(instance: number, waits: boolean): void {
		this.#send({ kind: 'waits', instance, waits });
	}

	cause(instance: number): Promise<RuntimeError> {
		return this.#causes.ask((number) => this.#send({ kind: 'lost', instance, number }));
	}

	/** The descriptor that has been passed under this number. Throws where it did not arrive: this process may open no more files. */
	passed(number: number): number {
		for (let next = takeDescriptor(this.#descriptors); next !== null; ) {
			this.#passed.set(next.number, next.descriptor);
			next = takeDescriptor(this.#descriptors);
		}
		const descriptor = this.#passed.get(number);
		this.#passed.delete(number);
		if (descriptor === undefined) throw new Error(`descriptor ${number} was not passed`);
		return descriptor;
	}

	/** False: the message is about something else. */
	onMessage(message: OwnerMessage): boolean {
		switch (message.kind) {
			case 'grant':
				this.#onGrant(message);
				return true;
			case 'refuse':
				this.#onRefusal(message.ask, asError(message.error));
				return true;
			case 'opened':
				this.#onOpened(message.ask, message.function);
				return true;
			case 'gone':
				this.#onGone(message.ask);
				return true;
			case 'share':
				this.#sources.get(message.function)?.share();
				this.#send({ kind: 'shared', function: message.function, round: message.round });
				return true;
			case 'keep':
				this.#sources.get(message.function)?.keep();
				return true;
			case 'ending':
				this.#instances.onEnding(message.instance);
				return true;
			case 'way':
				this.#instances.makeWay(message.instance, message.wanted);
				return true;
			case 'connected':
			case 'unconnected':
				this.#sockets.answer(message.number, this.#socketOf(message));
				return true;
			case 'cause':
				this.#causes.answer(message.number, asError(message.error));
				return true;
			default:
				return false;
		}
	}

	#question(): number {
		this.#questions += 1;
		return this.#questions;
	}

	#forget(ask: number): RemoteWait | undefined {
		const wait = this.#asks.get(ask);
		this.#asks.delete(ask);
		if (wait !== undefined) this.#asked.delete(wait);
		return wait;
	}

	#askFor(wait: RemoteWait): void {
		const { source, requestId } = wait;
		const asked = this.#asked.get(wait);
		// Given up while the number was asked for.
		if (asked === undefined) return;
		const { ask } = asked;
		if (source.number === null) {
			this.#open(wait);
			return;
		}
		this.#asked.set(wait, { ask, function: source.number });
		this.#send({ kind: 'want', function: source.number, ask, requestId });
	}

	#open(wait: RemoteWait): void {
		const { source } = wait;
		const opening = [...this.#openings.values()].find((one) => one.source === source);
		if (opening !== undefined) {
			opening.waits.push(wait);
			return;
		}
		if (source.of === null) throw new Error('a function without a number is of the catalog');
		const ask = this.#question();
		this.#openings.set(ask, { source, waits: [wait] });
		this.#send({ kind: 'open', ask, of: source.of });
	}

	#onOpened(ask: number, number: number): void {
		const { source, waits = [] } = this.#openings.get(ask) ?? {};
		this.#openings.delete(ask);
		if (source === undefined) return;
		source.number = number;
		if (!source.retired) this.#sources.set(number, source);
		for (const wait of waits) this.#askFor(wait);
		if (source.retired) source.number = null;
	}

	#onRefusal(ask: number, error: RuntimeError): void {
		const { waits = [] } = this.#openings.get(ask) ?? {};
		this.#openings.delete(ask);
		for (const wait of waits) this.#forget(this.#asked.get(wait)?.ask ?? 0)?.refuse(error);
		this.#forget(ask)?.refuse(error);
	}

	/** The owner had let go of it: nobody had asked for long. */
	#onGone(ask: number): void {
		const wait = this.#asks.get(ask);
		if (wait === undefined) return;
		const { source } = wait;
		if (source.of === null) {
			this.#forget(ask)?.refuse(stoppedError());
			return;
		}
		const number = this.#asked.get(wait)?.function ?? null;
		if (source.number === number) source.number = null;
		if (number !== null) this.#sources.delete(number);
		this.#askFor(wait);
	}

	#onGrant({ ask, place, instance: number, startedForMs, readyForMs }: Grant): void {
		const wait = this.#forget(ask);
		if (wait === undefined) {
			// Given up while it was on its way.
			this.release(place, 'abandoned');
			return;
		}
		const { source } = wait;
		wait.grant(this.#instances.at(number, { startedForMs, readyForMs }, source), place);
	}

	async #socketOf(message: Extract<OwnerMessage, { kind: 'connected' | 'unconnected' }>): Promise<number> {
		if (message.kind === 'unconnected') throw new Error(message.message);
		return this.passed(message.number);
	}
}

function asError({ code, message }: ErrorText): RuntimeError {
	return new RuntimeError(code, message);
}
