/**
 * Routes of one host whose paths have parameters: `{name}` stands for one segment, `{name+}` for all that follows; neither for
 * nothing. A look goes down a tree of segments, by the name of each and by a parameter where routes have both, so it costs as much
 * as the path is long and never asks routes one by one.
 */
import { type MethodRoutes, newMethodRoutes, ofMethod } from './method-routes.ts';

interface Node<Target> {
	readonly named: Map<string, Node<Target>>;
	any: Node<Target> | null;
	readonly exact: MethodRoutes<Target>;
	readonly prefix: MethodRoutes<Target>;
	/** Wants more than the path so far. */
	readonly tail: MethodRoutes<Target>;
}

/** What a prefix leads to, and how many characters of the path it holds for. */
export interface PrefixFound<Target> {
	readonly target: Target;
	readonly chars: number;
}

const PARAMETER = /^\{[^{}+]+\}$/;
const TAIL = /\/\{[^{}+]+\+\}$/;

export class ParameterRoutes<Target extends object> {
	readonly #root = newNode<Target>();

	static isTemplate(path: string): boolean {
		return path.includes('{');
	}

	/** Whose methods a route of this path belongs to; made where there are none. */
	at(path: string, match: 'exact' | 'prefix'): MethodRoutes<Target> {
		if (TAIL.test(path)) return this.#node(path.replace(TAIL, '')).tail;
		if (match === 'exact') return this.#node(path).exact;
		return this.#node(path.endsWith('/') ? path.slice(0, -1) : path).prefix;
	}

	findExact(method: string, path: string): Target | null {
		return exactBelow(this.#root, method, path, 0);
	}

	/** The longest; of two that are as long the one whose segments are named further. */
	findPrefix(method: string, path: string): PrefixFound<Target> | null {
		return prefixBelow(this.#root, method, path, 0);
	}

	#node(path: string): Node<Target> {
		let node = this.#root;
		for (const segment of path.split('/').slice(1)) {
			const known = PARAMETER.test(segment) ? node.any : node.named.get(segment);
			const next = known ?? newNode<Target>();
			if (PARAMETER.test(segment)) node.any = next;
			else node.named.set(segment, next);
			node = next;
		}
		return node;
	}
}

/** `at`: of the slash before the segment that comes next, or the path's end. */
function exactBelow<Target>(node: Node<Target>, method: string, path: string, at: number): Target | null {
	if (at >= path.length) return ofMethod(node.exact, method);
	const end = segmentEnd(path, at);
	const named = node.named.get(path.slice(at + 1, end));
	const found = named === undefined ? null : exactBelow(named, method, path, end);
	if (found !== null || node.any === null || end === at + 1) return found;
	return exactBelow(node.any, method, path, end);
}

function prefixBelow<Target>(
	node: Node<Target>,
	method: string,
	path: string,
	at: number,
): PrefixFound<Target> | null {
	const more = path.length > at + 1;
	const own = (more ? ofMethod(node.tail, method) : null) ?? ofMethod(node.prefix, method);
	let best: PrefixFound<Target> | null = own === null ? null : { target: own, chars: at };
	if (at >= path.length) return best;
	const end = segmentEnd(path, at);
	const named = node.named.get(path.slice(at + 1, end));
	for (const next of [named, end === at + 1 ? null : node.any]) {
		if (next === undefined || next === null) continue;
		const found = prefixBelow(next, method, path, end);
		if (found !== null && found.chars > (best?.chars ?? -1)) best = found;
	}
	return best;
}

function segmentEnd(path: string, at: number): number {
	const end = path.indexOf('/', at + 1);
	return end < 0 ? path.length : end;
}

function newNode<Target>(): Node<Target> {
	return {
		named: new Map(),
		any: null,
		exact: newMethodRoutes(),
		prefix: newMethodRoutes(),
		tail: newMethodRoutes(),
	};
}
