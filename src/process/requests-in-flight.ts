/** The requests an instance works on, and which of them its output belongs to. */
import { monotonicMs } from '../base/clock.ts';

/** Output travels another way than the answer, so a line may be read after the request that wrote it has ended. */
const AFTERWORD_MS_MAX = 100;

export class RequestsInFlight {
	readonly #ids = new Set<string>();
	/** True where requests have overlapped since the instance was last idle. */
	#overlapping = false;
	#lastAlone: string | null = null;
	#lastEndMs = 0;

	get count(): number {
		return this.#ids.size;
	}

	enter(requestId: string): void {
		if (this.#ids.size > 0) this.#overlapping = true;
		this.#ids.add(requestId);
	}

	leave(requestId: string): void {
		if (!this.#ids.delete(requestId) || this.#ids.size > 0) return;
		this.#lastAlone = this.#overlapping ? null : requestId;
		this.#lastEndMs = monotonicMs();
		this.#overlapping = false;
	}

	ids(): string[] {
		return [...this.#ids];
	}

	/** The request that a line of output belongs to: the only one in flight, or the one that just ended alone; else null. */
	speaker(): string | null {
		const [first = null] = this.#ids;
		if (first !== null) return this.#ids.size === 1 ? first : null;
		return monotonicMs() - this.#lastEndMs <= AFTERWORD_MS_MAX ? this.#lastAlone : null;
	}
}
