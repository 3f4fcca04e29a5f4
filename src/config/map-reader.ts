/** One object of a config file: its known keys, and a mistake for every other. */
import { type Mistake, type Position, valueMistake } from './config-error.ts';
import { type ConfigNode, partPlace, placeText, plainValue } from './config-node.ts';
import type { GivenValue } from './given-value.ts';
import { nearestName } from './nearest-name.ts';

/** What all parts of one file share. */
export interface FileContext {
	/** As mistakes name it. */
	readonly label: string;
	/** What relative paths in it are relative to. */
	readonly folder: string;
	readonly mistakes: Mistake[];
}

export class MapReader {
	readonly path: readonly PropertyKey[];
	readonly at: Position;
	readonly #context: FileContext;
	readonly #nodes = new Map<string, ConfigNode>();

	/** What is no object counts as an empty one, and as a mistake. Null as known: every key is one. */
	constructor(
		context: FileContext,
		node: ConfigNode,
		path: readonly PropertyKey[],
		known: readonly string[] | null,
	) {
		this.#context = context;
		this.path = path;
		this.at = node.at;
		if (node.kind !== 'map') {
			this.wrong(node.at, `found ${shown(node)}, wanted an object`);
			return;
		}
		for (const { key, keyAt, node: value } of node.entries) {
			if (known === null || known.includes(key)) this.#nodes.set(key, value);
			else this.wrong(keyAt, `unknown key; ${hint(key, known)}`, [key]);
		}
	}

	keys(): string[] {
		return [...this.#nodes.keys()];
	}

	node(key: string): ConfigNode | undefined {
		return this.#nodes.get(key);
	}

	/** A value to be judged elsewhere; undefined where the key is not there. */
	given(key: string): GivenValue | undefined {
		const node = this.#nodes.get(key);
		if (node === undefined) return undefined;
		const { label, folder } = this.#context;
		const above = [...this.path, key];
		return {
			value: plainValue(node),
			source: placeText(label, node.at, above),
			folder,
			locate: (part) => partPlace(label, node, above, part),
		};
	}

	/** Text that passes the check; undefined where the key is not there, null where it is wrong, which is then a mistake. */
	text(key: string, wanted: string, check: (text: string) => boolean): string | null | undefined {
		const node = this.#nodes.get(key);
		if (node === undefined) return undefined;
		if (node.kind === 'scalar' && typeof node.value === 'string' && check(node.value)) return node.value;
		this.wrong(node.at, `found ${shown(node)}, wanted ${wanted}`, [key]);
		return null;
	}

	wrong(at: Position, problem: string, part: readonly PropertyKey[] = []): void {
		const { label, mistakes } = this.#context;
		mistakes.push(valueMistake(placeText(label, at, [...this.path, ...part]), problem, at));
	}
}

function shown(node: ConfigNode): string {
	const text = JSON.stringify(plainValue(node));
	return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function hint(key: string, known: readonly string[]): string {
	const nearest = nearestName(key.replaceAll(/[-_]/g, ''), known);
	return nearest === null ? `wanted one of ${known.join(', ')}` : `nearest is ${nearest}`;
}
