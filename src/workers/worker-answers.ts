/** What workers ask of the owner, and what they tell it: places, connections, causes, records. */
import { closeSync } from 'node:fs';
import { errorText } from '../base/error-text.ts';
import { closedWithoutCause } from '../process/start-errors.ts';
import type { AccessLog } from '../telemetry/access-log.ts';
import type { Log } from '../telemetry/log.ts';
import type { CatalogAnswers } from './catalog-answers.ts';
import type { FunctionDesks } from './function-desks.ts';
import type { HandedInstances } from './handed-instances.ts';
import type { DeployedVersion, WorkerMessage } from './messages.ts';
import type { DeskWorker } from './place-desk.ts';
import type { PlaceTable } from './place-table.ts';
import type { WayMakers } from './way-makers.ts';

/** Who asks. */
export interface AskingWorker extends DeskWorker {
	/** Resolves when the descriptor has left, or the worker is gone. */
	pass(number: number, descriptor: number): Promise<void>;
}

export interface AnswerParts {
	readonly desks: Pick<FunctionDesks, 'get' | 'logOf'>;
	readonly places: Pick<PlaceTable, 'release'>;
	readonly instances: Pick<HandedInstances, 'get' | 'openSocket'>;
	readonly ways: Pick<WayMakers, 'tell'>;
	readonly catalog: Pick<CatalogAnswers, 'onMessage' | 'log'>;
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

	onMessage(link: AskingWorker, message: WorkerMessage): void {
		const { desks, places, ways, catalog, accessLog } = this.#parts;
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
				if (!catalog.onMessage(link, message)) throw new Error(`nobody is meant by ${message.kind}`);
		}
	}

	#logOf(about: number | DeployedVersion | null): Log {
		const { desks, catalog, log } = this.#parts;
		if (about === null) return log;
		return (typeof about === 'number' ? desks.logOf(about) : catalog.log(about)) ?? log;
	}

	#onWant(link: AskingWorker, { function: number, ask }: Want): void {
		const desk = this.#parts.desks.get(number);
		if (desk === undefined) link.send({ kind: 'gone', ask });
		else desk.want(link, ask);
	}

	async #connect(link: AskingWorker, instance: number, number: number): Promise<void> {
		try {
			const descriptor = await this.#parts.instances.openSocket(instance);
			await link.pass(number, descriptor);
			closeSync(descriptor);
			link.send({ kind: 'connected', number });
		} catch (error) {
			link.send({ kind: 'unconnected', number, message: errorText(error) });
		}
	}

	async #tellCause(link: AskingWorker, instance: number, number: number): Promise<void> {
		const cause = (await this.#parts.instances.get(instance)?.causeOfLoss()) ?? closedWithoutCause();
		const { code, message } = cause;
		link.send({ kind: 'cause', number, error: { code, message } });
	}
}
