import type { RuntimeError } from '../contract/errors.ts';
import type { Passage } from './passage.ts';
import type { RoutedRequest, Router } from './router.ts';

/** Several routers as one: the first that knows an answer gives it. */
export class RouterChain implements Router {
	readonly #routers: readonly Router[];

	constructor(routers: readonly Router[]) {
		this.#routers = routers;
	}

	find(request: RoutedRequest): Passage | RuntimeError | null {
		for (const router of this.#routers) {
			const found = router.find(request);
			if (found !== null) return found;
		}
		return null;
	}
}
