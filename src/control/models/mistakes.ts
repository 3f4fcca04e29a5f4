import { type ErrorCode, RuntimeError } from '../../contract/errors.ts';

/** Told in one answer; of more only the number is. */
const TOLD_MAX = 20;

/** What is wrong with a body. The client gets all of it in one answer, under the platform's code of the first. */
export class Mistakes {
	readonly #found: (readonly [ErrorCode, string])[] = [];

	/** `message` names the field, what was found and what was wanted. */
	add(code: ErrorCode, message: string): void {
		this.#found.push([code, message]);
	}

	/** Throws a RuntimeError where there are any. */
	throwAny(): void {
		const [first] = this.#found;
		if (first === undefined) return;
		const told = this.#found.slice(0, TOLD_MAX).map(([, message]) => message);
		const more = this.#found.length - told.length;
		if (more > 0) told.push(`and ${more} more`);
		throw new RuntimeError(first[0], told.join('; '));
	}
}
