/** The worker's side of what is said with the owner about places: questions with their answers, and the instances that it has heard of. */
import { RuntimeError } from '../contract/errors.ts';
import { takeDescriptor } from '../engine/descriptor-passing.ts';
import type { LeaseEnd } from '../pool/instance-source.ts';
import type { ErrorText, OwnerMessage, WorkerMessage } from './messages.ts';
import { RemoteInstance } from './remote-instance.ts';
import type { PlaceOwner, RemoteSource } from './remote-source.ts';
import type { RemoteWait, WaitSource } from './remote-wait.ts';

type Grant = Extract<OwnerMessage, { kind: 'grant' }>;

export class OwnerLink implements PlaceOwner {
	readonly #send: (message: WorkerMessage) => void;
	readonly #descriptors: number;
	/** Sources that requests may still come to. */
	readonly #sources = new Map<number, RemoteSource>();
	readonly #instances = new Map<number, { readonly instance: RemoteInstance; readonly source: WaitSource }>();
	readonly #asks = new Map<number, RemoteWait>();
	readonly #numbers = new Map<RemoteWait, number>();
	readonly #sockets = new Map<number, PromiseWithResolvers<number>>();
	readonly #causes = new Map<number, (error: RuntimeError) => void>();
	/** Descriptors that came before the message about them. */
	readonly #passed = new Map<number, number>();
	#questions = 0;

	/** `descriptors`: the socket over which they are passed. */
	constructor(send: (message: WorkerMessage) => void, descriptors: number) {
		this.#send = send;
		this.#descriptors = descriptors;
	}

	add(source: RemoteSource): void {
		this.#sources.set(source.number, source);
	}

	/** Only requests that have come already ask for places of it from now on. */
	remove(number: number): void {
		this.#sources.get(number)?.retire();
		this.#sources.delete(number);
	}

	want(wait: RemoteWait): void {
		const ask = this.#question();
		this.#asks.set(ask, wait);
		this.#numbers.set(wait, ask);
		this.#send({ kind: 'want', function: wait.source.number, ask, requestId: wait.requestId });
	}

	cancel(wait: RemoteWait): void {
		const ask = this.#numbers.get(wait);
		if (ask === undefined) return;
		this.#forget(ask);
		this.#send({ kind: 'cancel', function: wait.source.number, ask });
	}

	release(place: number, how: LeaseEnd): void {
		this.#send({ kind: 'release', place, how });
	}

	socket(instance: number): Promise<number> {
		const number = this.#question();
		const coming = Promise.withResolvers<number>();
		this.#sockets.set(number, coming);
		this.#send({ kind: 'connect', instance, number });
		return coming.promise;
	}

	waits(instance: number, waits: boolean): void {
		this.#send({ kind: 'waits', instance, waits });
	}

	cause(instance: number): Promise<RuntimeError> {
		const number = this.#question();
		this.#send({ kind: 'lost', instance, number });
		return new Promise((resolve) => this.#causes.set(number, resolve));
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
				this.#forget(message.ask)?.refuse(asError(message.error));
				return true;
			case 'share':
				this.#sources.get(message.function)?.share();
				this.#send({ kind: 'shared', function: message.function, round: message.round });
				return true;
			case 'keep':
				this.#sources.get(message.function)?.keep();
				return true;
			case 'ending':
				this.#onEnding(message.instance);
				return true;
			case 'way':
				this.#instances.get(message.instance)?.instance.makeWay(message.wanted);
				return true;
			case 'connected':
			case 'unconnected':
				this.#onSocket(message);
				return true;
			case 'cause':
				this.#causes.get(message.number)?.(asError(message.error));
				this.#causes.delete(message.number);
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
		if (wait !== undefined) this.#numbers.delete(wait);
		return wait;
	}

	#onGrant({ ask, place, instance: number, startedForMs, readyForMs }: Grant): void {
		const wait = this.#forget(ask);
		if (wait === undefined) {
			// Given up while it was on its way.
			this.release(place, 'abandoned');
			return;
		}
		const { source } = wait;
		const known = this.#instances.get(number)?.instance;
		const instance = known ?? new RemoteInstance(number, { startedForMs, readyForMs }, this, source);
		if (known === undefined) this.#instances.set(number, { instance, source });
		wait.grant(instance, place);
	}

	#onEnding(number: number): void {
		const known = this.#instances.get(number);
		this.#instances.delete(number);
		known?.source.onEnding(known.instance);
	}

	#onSocket(message: Extract<OwnerMessage, { kind: 'connected' | 'unconnected' }>): void {
		const coming = this.#sockets.get(message.number);
		this.#sockets.delete(message.number);
		try {
			if (message.kind === 'unconnected') throw new Error(message.message);
			coming?.resolve(this.passed(message.number));
		} catch (error) {
			coming?.reject(error);
		}
	}
}

function asError({ code, message }: ErrorText): RuntimeError {
	return new RuntimeError(code, message);
}
