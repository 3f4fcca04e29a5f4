/**
 * Signatures of calls that were accepted, so that who overhears a call that changes something can not make it once more.
 *
 * The platform's signatures have no nonce and count whole seconds: a client that makes the same call twice in one second
 * signs it the same way, and a transport that lost its connection sends the very same request again. So a repeat is let
 * pass for a few seconds, and refused after that.
 */
const REPEAT_MS_MAX = 5_000;
/** Longer than any signature can be used: its date may be 15 minutes ahead, and is good for 15 minutes more. */
const KEPT_MS = 31 * 60_000;
/** More changes than this in half an hour, and the oldest are forgotten. */
const KEPT_MAX = 20_000;

export class SeenSignatures {
	/** When each was first accepted; the oldest first. */
	readonly #firstMs = new Map<string, number>();

	/** Remembers it. False: it was accepted before, too long ago for a client that tries again. */
	admit(signature: string, nowMs: number): boolean {
		const firstMs = this.#firstMs.get(signature);
		if (firstMs !== undefined) return nowMs - firstMs <= REPEAT_MS_MAX;
		this.#firstMs.set(signature, nowMs);
		for (const [oldest, atMs] of this.#firstMs) {
			if (this.#firstMs.size <= KEPT_MAX && nowMs - atMs <= KEPT_MS) break;
			this.#firstMs.delete(oldest);
		}
		return true;
	}
}
