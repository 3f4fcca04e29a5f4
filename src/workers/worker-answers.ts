/** What workers ask of the owner, and what they tell it: places, connections, causes, records. */
import { closeSync } from 'node:fs';
import { errorText } from '../base/error-text.ts';
import { closedWithoutCause, stoppedError } from '../process/start-errors.ts';
import type { AccessLog } from '../telemetry/access-log.ts';
import type { Log } from '../telemetry/log.ts';
import type { FunctionDesks } from './function-desks.ts';
import type { HandedInstances } from './handed-instances.ts';
import type { WorkerMessage } from './messages.ts';
import type { PlaceTable } from './place-table.ts';
import type { WayMakers } from './way-makers.ts';
import type { WorkerLink } from './worker-link.ts';

export interface AnswerParts {
	readonly desks: Pick<FunctionDesks, 'get' | 'logOf'>;
	readonly places: Pick<PlaceTable, 'release'>;
	readonly instances: Pick<HandedInstances, 'get'>;
	readonly ways: Pick<WayMakers, 'tell'>;
	/** For what concerns no function. */
	readonly log: Log;
	readonly accessLog: Pick<AccessLog, 'writeLines'> | null;
}

type Want = Extract<WorkerMessage, { kind: 'want' }>;

export class WorkerAnswers {
	readonly #parts: AnswerParts;

	constructor(parts: AnswerParts) {
		this.#parts = parts;
	}

	onMessage(link: WorkerLink, message: WorkerMessage): void {
		const { desks, places, ways, accessLog } = this.#parts;
		switch (message.kind) {
			case 'want':
				this.#onWant(link, message);
				return;
			case 'cancel':
				desks.get(message.function)?.cancel(link, message.ask);
				return;
			case 'release':
				places.release(message.place, message.how);
				return;
			case 'shared':
				desks.get(message.function)?.shared(link, message.round);
				return;
			case 'connect':
				void this.#connect(link, message.instance, message.number);
				return;
			case 'waits':
				ways.tell(link, message.instance, message.waits);
				return;
			case 'lost':
				void this.#tellCause(link, message.instance, message.number);
				return;
			case 'log':
				this.#logOf(message.function).write(message.level, message.message, message.fields);
				return;
			case 'access':
				accessLog?.writeLines(message.lines);
				return;
			default:
				throw new Error(`nobody is meant by ${message.kind}`);
		}
	}

	#logOf(number: number | null): Log {
		return (number === null ? undefined : this.#parts.desks.logOf(number)) ?? this.#parts.log;
	}

	/** A function that is gone has no instance left. */
	#onWant(link: WorkerLink, { function: number, ask }: Want): void {
		const desk = this.#parts.desks.get(number);
		if (desk !== undefined) {
			desk.want(link, ask);
			return;
		}
		const { code, message } = stoppedError();
		link.send({ kind: 'refuse', ask, error: { code, message } });
	}

	async #connect(link: WorkerLink, instance: number, number: number): Promise<void> {
		try {
			const member = this.#parts.instances.get(instance);
			if (member === undefined) throw new Error('the instance has ended');
			const descriptor = await member.openSocket();
			await link.pass(number, descriptor);
			closeSync(descriptor);
			link.send({ kind: 'connected', number });
		} catch (error) {
			link.send({ kind: 'unconnected', number, message: errorText(error) });
		}
	}

	async #tellCause(link: WorkerLink, instance: number, number: number): Promise<void> {
		const cause = (await this.#parts.instances.get(instance)?.causeOfLoss()) ?? closedWithoutCause();
		const { code, message } = cause;
		link.send({ kind: 'cause', number, error: { code, message } });
	}
}
