/** The requests to functions of the catalog that workers have, so that those of a worker that ends are ended too. */
import { monotonicMs } from '../base/clock.ts';
import { RuntimeError } from '../contract/errors.ts';
import type { RequestObserver } from '../gateway/request-observer.ts';
import type { WorkerMessage } from './messages.ts';

type Ended = Extract<WorkerMessage, { kind: 'ended' }>;

interface Begun {
	readonly observer: RequestObserver;
	readonly sinceMs: number;
}

export class RequestBook {
	/** By worker, and request. */
	readonly #begun = new Map<object, Map<string, Begun>>();

	began(worker: object, requestId: string, observer: RequestObserver): void {
		const begun = this.#begun.get(worker) ?? new Map<string, Begun>();
		this.#begun.set(worker, begun);
		begun.set(requestId, { observer, sinceMs: monotonicMs() });
		observer.began(requestId);
	}

	ended(worker: object, { requestId, code, durationMs, status }: Ended): void {
		const begun = this.#begun.get(worker)?.get(requestId);
		this.#begun.get(worker)?.delete(requestId);
		const error = code === null ? null : new RuntimeError(code, '');
		begun?.observer.ended(requestId, { durationMs, status, error });
	}

	/** The worker is gone: its requests end as those whose client has left. */
	lost(worker: object): void {
		for (const [requestId, { observer, sinceMs }] of this.#begun.get(worker) ?? [])
			observer.ended(requestId, { durationMs: monotonicMs() - sinceMs, status: 0, error: null });
		this.#begun.delete(worker);
	}
}
