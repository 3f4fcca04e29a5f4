import type { FunctionTarget } from './function-target.ts';
import type { RouteTable } from './route-table.ts';
import type { RoutedRequest, Router } from './router.ts';

/** Routes that lead to functions and to nothing before them. */
export class TableRouter implements Router {
	readonly #table: RouteTable<FunctionTarget>;

	constructor(table: RouteTable<FunctionTarget>) {
		this.#table = table;
	}

	find({ method, host, target }: RoutedRequest): FunctionTarget | null {
		return this.#table.find(method, host, target);
	}
}
