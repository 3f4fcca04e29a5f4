/**
 * What a worker asks the owner about calls of APIs, because all workers must have one answer: how often an API was called, and what an
 * authorizer has said.
 */
import { RuntimeError } from '../contract/errors.ts';
import type { CallCount, CallThrottle } from '../gateway/api.ts';
import { ANYBODY, type Guard, type Verdict } from '../gateway/guard.ts';
import type { ErrorText, OwnerMessage, WorkerMessage } from './messages.ts';
import { Questions } from './questions.ts';

export class RemoteApis {
	readonly #send: (message: WorkerMessage) => void;
	readonly #verdicts = new Questions<Verdict>();
	readonly #counts = new Questions<CallCount>();

	constructor(send: (message: WorkerMessage) => void) {
		this.#send = send;
	}

	/** The authorizer of one API. */
	guardOf(api: string): Guard {
		return {
			judge: (request) => this.#verdicts.ask((ask) => this.#send({ kind: 'judge', ask, api, request })),
		};
	}

	/** The limits of one API. */
	throttleOf(api: string): CallThrottle {
		return {
			admit: (caller) => this.#counts.ask((ask) => this.#send({ kind: 'count', ask, api, caller })),
		};
	}

	/** False: the message is about something else. */
	onMessage(message: OwnerMessage): boolean {
		switch (message.kind) {
			case 'judged': {
				const { ask, lines, error } = message;
				this.#verdicts.answer(ask, errorOf(error) ?? { ...ANYBODY, lines });
				return true;
			}
			case 'counted': {
				const { ask, error, retryLines, debugLines } = message;
				this.#counts.answer(ask, { error: errorOf(error), retryLines, debugLines: () => debugLines });
				return true;
			}
			default:
				return false;
		}
	}
}

function errorOf(error: ErrorText | null): RuntimeError | null {
	return error === null ? null : new RuntimeError(error.code, error.message);
}
