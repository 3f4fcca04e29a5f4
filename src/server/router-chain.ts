import type { RuntimeError } from '../contract/errors.ts';
import type { FunctionTarget } from '../gateway/function-target.ts';
import type { Router } from '../gateway/router.ts';

/** Several routers as one: the first that knows an answer gives it. */
export class RouterChain implements Router {
	readonly #routers: readonly Router[];

	constructor(routers: readonly Router[]) {
		this.#routers = routers;
	}

	find(
		method: string,
		host: string,
		target: string,
		fieldLines: string,
	): FunctionTarget | RuntimeError | null {
		for (const router of this.#routers) {
			const found = router.find(method, host, target, fieldLines);
			if (found !== null) return found;
		}
		return null;
	}
}
