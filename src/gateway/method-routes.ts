/** What the methods of one path lead to. */
export interface MethodRoutes<Target> {
	any: Target | null;
	byName: Map<string, Target> | null;
}

export function newMethodRoutes<Target>(): MethodRoutes<Target> {
	return { any: null, byName: null };
}

/** The method that is named counts before any. */
export function ofMethod<Target>(routes: MethodRoutes<Target> | undefined, method: string): Target | null {
	return routes?.byName?.get(method) ?? routes?.any ?? null;
}
