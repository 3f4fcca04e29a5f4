/** The requests an instance works on, and which of them its output belongs to. */
import { monotonicMs } from '../base/clock.ts';

/** Output travels another way than the answer, so a line may be read after the request that wrote it has ended. */
const AFTERWORD_MS_MAX = 100;

/** A place may have been handed on, to somebody who gives it to request after request and does not tell each time. */
export interface RequestNames {
	/** Whom the place that was entered under this name serves now, or served last; null: nobody yet. */
	of(name: string): NamedRequest | null;
}

export interface NamedRequest {
	readonly id: string;
	/** Milliseconds since it ended; null: it has not. */
	readonly endedForMs: number | null;
}

export class RequestsInFlight {
	readonly #names: RequestNames | null;
	readonly #entered = new Set<string>();
	/** True where requests have overlapped since the instance was last idle. */
	#overlapping = false;
	#lastAlone: string | null = null;
	#lastEndMs = 0;

	/** `names`: null where each request enters under its own id. */
	constructor(names: RequestNames | null = null) {
		this.#names = names;
	}

	get count(): number {
		return this.#entered.size;
	}

	enter(name: string): void {
		if (this.#entered.size > 0) this.#overlapping = true;
		this.#entered.add(name);
	}

	leave(name: string): void {
		if (!this.#entered.delete(name) || this.#entered.size > 0) return;
		const { id, endedForMs } = this.#requestOf(name) ?? NOBODY;
		this.#lastAlone = this.#overlapping ? null : id;
		this.#lastEndMs = monotonicMs() - (endedForMs ?? 0);
		this.#overlapping = false;
	}

	ids(): string[] {
		const requests = [...this.#entered].map((name) => this.#requestOf(name));
		return requests.flatMap((request) => (request?.endedForMs === null ? [request.id] : []));
	}

	/** The request that a line of output belongs to: the only one in flight, or the one that just ended alone; else null. */
	speaker(): string | null {
		if (this.#entered.size > 0) return this.#speakerOfEntered();
		return monotonicMs() - this.#lastEndMs <= AFTERWORD_MS_MAX ? this.#lastAlone : null;
	}

	#speakerOfEntered(): string | null {
		if (this.#names === null) {
			const [first = null] = this.#entered;
			return this.#entered.size === 1 ? first : null;
		}
		const requests = [...this.#entered].flatMap((name) => this.#requestOf(name) ?? []);
		const working = requests.filter(({ endedForMs }) => endedForMs === null);
		const heard = working.length > 0 ? working : requests.filter(isRecent);
		return heard.length === 1 ? (heard[0]?.id ?? null) : null;
	}

	#requestOf(name: string): NamedRequest | null {
		return this.#names === null ? { id: name, endedForMs: null } : this.#names.of(name);
	}
}

function isRecent({ endedForMs }: NamedRequest): boolean {
	return endedForMs !== null && endedForMs <= AFTERWORD_MS_MAX;
}

const NOBODY = { id: null, endedForMs: null };
