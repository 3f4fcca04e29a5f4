/**
 * A connection to an instance that stands still: the kernel has taken it, nobody has accepted it. Whoever connects first after
 * the thaw has it at once, as new as any other: no timer of the function's server has seen it yet.
 *
 *     none ──open──▶ asked for ──▶ waiting ──thaw──▶ usable for a while ──▶ none
 */
import { closeSync } from 'node:fs';

export class SocketAhead {
	readonly #keepMs: number;
	/** The wish that stands; null: it runs. */
	#wish: object | null = null;
	#socket: number | null = null;
	#expiry: NodeJS.Timeout | undefined;

	/** After so long a thawed instance gets it closed: a server that takes one connection at a time must not wait on an idle one. */
	constructor(keepMs: number) {
		this.#keepMs = keepMs;
	}

	/**
	 * Connects as soon as `still` resolves with true: earlier the function might accept it, and its server might have given it up
	 * by the thaw. Twice is harmless. Never rejects: where nobody listens, whoever connects next is told.
	 */
	async open(still: Promise<boolean>, connect: () => Promise<number>): Promise<void> {
		if (this.#wish !== null) return;
		this.close();
		const wish = {};
		this.#wish = wish;
		if (!(await still) || wish !== this.#wish) return;
		const socket = await connect().catch(() => null);
		if (socket === null) return;
		if (wish === this.#wish) this.#socket = socket;
		else closeSync(socket);
	}

	/** The instance goes on, or is about to. */
	thaw(): void {
		if (this.#wish === null) return;
		this.#wish = null;
		if (this.#socket === null) return;
		this.#expiry = setTimeout(() => this.close(), this.#keepMs);
		this.#expiry.unref();
	}

	/** The descriptor, once, which is the caller's to close; null: there is none. */
	take(): number | null {
		const socket = this.#socket;
		this.#socket = null;
		clearTimeout(this.#expiry);
		return socket;
	}

	/** Twice is harmless. */
	close(): void {
		this.#wish = null;
		const socket = this.take();
		if (socket !== null) closeSync(socket);
	}
}
