/**
 * What a worker asks the owner about calls of APIs, because all workers must have one answer: how often an API was called, and what an
 * authorizer has said.
 */
import { RuntimeError } from '../contract/errors.ts';
import type { CallCount, CallThrottle } from '../gateway/api.ts';
import { ANYBODY, type Guard, type Verdict } from '../gateway/guard.ts';
import type { ErrorText, OwnerMessage, WorkerMessage } from './messages.ts';

export class RemoteApis {
	readonly #send: (message: WorkerMessage) => void;
	readonly #verdicts = new Map<number, (verdict: Verdict) => void>();
	readonly #counts = new Map<number, (count: CallCount) => void>();
	#questions = 0;

	constructor(send: (message: WorkerMessage) => void) {
		this.#send = send;
	}

	/** The authorizer of one API. */
	guardOf(api: string): Guard {
		return {
			judge: (request) => {
				const ask = this.#question();
				this.#send({ kind: 'judge', ask, api, request });
				return new Promise((resolve) => this.#verdicts.set(ask, resolve));
			},
		};
	}

	/** The limits of one API. */
	throttleOf(api: string): CallThrottle {
		return {
			admit: (caller) => {
				const ask = this.#question();
				this.#send({ kind: 'count', ask, api, caller });
				return new Promise((resolve) => this.#counts.set(ask, resolve));
			},
		};
	}

	/** False: the message is about something else. */
	onMessage(message: OwnerMessage): boolean {
		switch (message.kind) {
			case 'judged': {
				const { ask, lines, error } = message;
				this.#verdicts.get(ask)?.(errorOf(error) ?? { ...ANYBODY, lines });
				this.#verdicts.delete(ask);
				return true;
			}
			case 'counted': {
				const { ask, error, retryLines, debugLines } = message;
				this.#counts.get(ask)?.({ error: errorOf(error), retryLines, debugLines: () => debugLines });
				this.#counts.delete(ask);
				return true;
			}
			default:
				return false;
		}
	}

	#question(): number {
		this.#questions += 1;
		return this.#questions;
	}
}

function errorOf(error: ErrorText | null): RuntimeError | null {
	return error === null ? null : new RuntimeError(error.code, error.message);
}
