import type { Position } from './config-error.ts';
import type { ValuePlace } from './given-value.ts';

/** What a config file says, with the place of every part. */
export type ConfigNode =
	| { readonly kind: 'map'; readonly entries: readonly ConfigEntry[]; readonly at: Position }
	| { readonly kind: 'list'; readonly items: readonly ConfigNode[]; readonly at: Position }
	| { readonly kind: 'scalar'; readonly value: string | number | boolean | null; readonly at: Position };

export interface ConfigEntry {
	readonly key: string;
	readonly keyAt: Position;
	readonly node: ConfigNode;
}

/** The same without places. */
export function plainValue(node: ConfigNode): unknown {
	switch (node.kind) {
		case 'scalar':
			return node.value;
		case 'list':
			return node.items.map(plainValue);
		case 'map': {
			// Built from pairs: an assignment to __proto__ would set the prototype instead.
			return Object.fromEntries(node.entries.map((entry) => [entry.key, plainValue(entry.node)]));
		}
		default:
			return node satisfies never;
	}
}

/** `httpfn.yaml:3:9: functions.hello.memory` */
export function placeText(file: string, at: Position, path: readonly PropertyKey[]): string {
	const place = `${file}:${at.line}:${at.column}`;
	return path.length === 0 ? place : `${place}: ${pathText(path)}`;
}

/** Where a part of a node stands: the part itself, or what comes nearest to it. `above` leads to the node. */
export function partPlace(
	file: string,
	node: ConfigNode,
	above: readonly PropertyKey[],
	part: readonly PropertyKey[],
): ValuePlace {
	let found = node;
	for (const step of part) {
		const next = child(found, step);
		if (next === undefined) break;
		found = next;
	}
	return { source: placeText(file, found.at, [...above, ...part]), position: found.at };
}

function child(node: ConfigNode, step: PropertyKey): ConfigNode | undefined {
	if (node.kind === 'list') return typeof step === 'number' ? node.items[step] : undefined;
	return node.kind === 'map' ? node.entries.find(({ key }) => key === step)?.node : undefined;
}

function pathText(path: readonly PropertyKey[]): string {
	return path
		.map((step, index) => {
			if (typeof step === 'number') return `[${step}]`;
			return index === 0 ? String(step) : `.${String(step)}`;
		})
		.join('');
}
