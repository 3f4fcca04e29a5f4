/** What workers ask of the process that has the catalog, and what they tell it of the requests to its functions. */
import { RuntimeError } from '../contract/errors.ts';
import { type CallCount, NOT_COUNTED } from '../gateway/api.ts';
import { startFailure } from '../gateway/exchange-errors.ts';
import type { Verdict } from '../gateway/guard.ts';
import type { Log } from '../telemetry/log.ts';
import type { CatalogOwner } from './front.ts';
import type { FunctionDesks } from './function-desks.ts';
import type { DeployedVersion, ErrorText, WorkerMessage } from './messages.ts';
import type { DeskWorker } from './place-desk.ts';
import { RequestBook } from './request-book.ts';

type Open = Extract<WorkerMessage, { kind: 'open' }>;
type Judge = Extract<WorkerMessage, { kind: 'judge' }>;
type Count = Extract<WorkerMessage, { kind: 'count' }>;

export class CatalogAnswers {
	/** Null: there is no catalog. */
	owner: CatalogOwner | null = null;
	readonly #desks: Pick<FunctionDesks, 'get' | 'open'>;
	readonly #book = new RequestBook();

	constructor(desks: Pick<FunctionDesks, 'get' | 'open'>) {
		this.#desks = desks;
	}

	log(of: DeployedVersion): Log | undefined {
		return this.owner?.log(of);
	}

	/** False: the message is about something else. */
	onMessage(worker: DeskWorker, message: WorkerMessage): boolean {
		const { owner } = this;
		if (owner === null) return false;
		switch (message.kind) {
			case 'open':
				this.#open(owner, worker, message);
				return true;
			case 'began':
				this.#book.began(worker, message.requestId, owner.observer(message.of));
				return true;
			case 'ended':
				this.#book.ended(worker, message);
				return true;
			case 'judge':
				void this.#judge(owner, worker, message);
				return true;
			case 'count':
				void this.#count(owner, worker, message);
				return true;
			default:
				return false;
		}
	}

	/** The worker is gone. */
	lost(worker: DeskWorker): void {
		this.#book.lost(worker);
	}

	#open(owner: CatalogOwner, worker: DeskWorker, { ask, of }: Open): void {
		try {
			const number = this.#desks.open(owner.served(of));
			worker.send({ kind: 'opened', ask, function: number });
			this.#desks.get(number)?.joined(worker);
		} catch (error) {
			worker.send({ kind: 'refuse', ask, error: textOf(startFailure(error)) });
		}
	}

	async #judge(owner: CatalogOwner, worker: DeskWorker, { ask, api, request }: Judge): Promise<void> {
		let verdict: Verdict;
		try {
			verdict = await owner.judge(api, request);
		} catch (error) {
			verdict = startFailure(error);
		}
		if (verdict instanceof RuntimeError)
			worker.send({ kind: 'judged', ask, lines: '', error: textOf(verdict) });
		else worker.send({ kind: 'judged', ask, lines: verdict.lines, error: null });
	}

	async #count(owner: CatalogOwner, worker: DeskWorker, { ask, api, caller }: Count): Promise<void> {
		let count: CallCount;
		try {
			count = await owner.count(api, caller);
		} catch (error) {
			count = { ...NOT_COUNTED, error: startFailure(error) };
		}
		const { error, retryLines, debugLines } = count;
		const told = { retryLines, debugLines: debugLines() };
		worker.send({ kind: 'counted', ask, error: error === null ? null : textOf(error), ...told });
	}
}

function textOf({ code, message }: RuntimeError): ErrorText {
	return { code, message };
}
