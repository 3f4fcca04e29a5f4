/** YAML, or JSON, as nodes that know their places. What can not be read is a mistake with a line and a column. */
import type { Document, Node, Pair } from 'yaml';
import { type Mistake, type Position, valueMistake } from './config-error.ts';
import { type ConfigEntry, type ConfigNode, placeText } from './config-node.ts';

type Yaml = typeof import('yaml');

/** Aliases may repeat what they name, but not without bound: nine of nine of nine … would fill the memory. */
const ALIASED_NODES_MAX = 100_000;
const DEPTH_MAX = 32;
/** After the first few, errors of form are consequences of those before. */
const ERRORS_MAX = 10;
const TEXT_CHARS_MAX = 16 * 1024 * 1024;

export interface ConfigText {
	/** As mistakes name it. */
	readonly label: string;
	/** Absolute. */
	readonly path: string;
	readonly text: string;
}

/** Null where the text as a whole can not be read. JSON is what a file is called `.json` for: it is then held to JSON's rules. */
export async function readConfigText(file: ConfigText, mistakes: Mistake[]): Promise<ConfigNode | null> {
	if (file.text.length > TEXT_CHARS_MAX) {
		const found = `found ${file.text.length} characters, wanted at most ${TEXT_CHARS_MAX}`;
		mistakes.push(valueMistake(file.label, found));
		return null;
	}
	// Read when it is needed: no other command has a use for it.
	const yaml = await import('yaml');
	const reader = new NodeReader(yaml, file, mistakes);
	const node = reader.read();
	if (node !== null) judgeJson(file, mistakes);
	return node;
}

/** Tabs are blanks in JSON, and an error in YAML; inside JSON's strings there are none. */
function textOf({ path, text }: ConfigText): string {
	const whole = text.replace(/^\uFEFF/, '');
	return path.endsWith('.json') ? whole.replaceAll('\t', ' ') : whole;
}

function judgeJson(file: ConfigText, mistakes: Mistake[]): void {
	if (!file.path.endsWith('.json')) return;
	try {
		JSON.parse(file.text.replace(/^\uFEFF/, ''));
	} catch (error) {
		mistakes.push(valueMistake(file.label, `found text that is not JSON (${(error as Error).message})`));
	}
}

class NodeReader {
	readonly #yaml: Yaml;
	readonly #file: ConfigText;
	readonly #mistakes: Mistake[];
	readonly #anchors = new Map<string, Node>();
	readonly #position: (offset: number) => Position;
	readonly #document: Document.Parsed | null;
	#aliasedNodes = 0;
	#refused = false;

	constructor(yaml: Yaml, file: ConfigText, mistakes: Mistake[]) {
		this.#yaml = yaml;
		this.#file = file;
		this.#mistakes = mistakes;
		const lines = new yaml.LineCounter();
		this.#position = (offset) => {
			const { line, col } = lines.linePos(offset);
			return { file: file.path, line: Math.max(line, 1), column: Math.max(col, 1) };
		};
		this.#document = this.#parse(lines);
	}

	read(): ConfigNode | null {
		if (this.#document === null) return null;
		const { errors, warnings, contents } = this.#document;
		for (const { message, pos } of [...errors, ...warnings].slice(0, ERRORS_MAX)) {
			// What the parser says where brackets are nested by the thousand.
			const deep = /stack/i.test(message);
			this.#wrong(this.#position(pos[0]), deep ? 'found too many levels, wanted fewer' : message);
		}
		if (errors.length > 0 || warnings.length > 0) return null;
		const node = this.#convert(contents, 0, 0, false);
		return this.#refused ? null : node;
	}

	#parse(lineCounter: InstanceType<Yaml['LineCounter']>): Document.Parsed | null {
		try {
			return this.#yaml.parseDocument(textOf(this.#file), {
				lineCounter,
				prettyErrors: false,
				uniqueKeys: false,
				version: '1.2',
				schema: 'core',
			});
		} catch (error) {
			// Brackets nested by the thousand exhaust the parser's stack.
			this.#mistakes.push(valueMistake(this.#file.label, `can not be read (${(error as Error).message})`));
			return null;
		}
	}

	#convert(node: unknown, near: number, depth: number, aliased: boolean): ConfigNode {
		const { isAlias, isMap, isNode, isScalar, isSeq } = this.#yaml;
		const offset = isNode(node) ? (node.range?.[0] ?? near) : near;
		const at = this.#position(offset);
		const nothing: ConfigNode = { kind: 'scalar', value: null, at };
		if (!isNode(node) || this.#refused) return nothing;
		if (depth > DEPTH_MAX) return this.#refuse(at, `found more than ${DEPTH_MAX} levels, wanted fewer`);
		if (aliased && ++this.#aliasedNodes > ALIASED_NODES_MAX) {
			return this.#refuse(at, `found aliases for more than ${ALIASED_NODES_MAX} parts, wanted fewer`);
		}
		if (isAlias(node)) {
			const target = this.#anchors.get(node.source);
			if (target !== undefined) return { ...this.#convert(target, offset, depth + 1, true), at };
			return this.#refuse(
				at,
				`found an alias of ${JSON.stringify(node.source)}, wanted an anchor of that name`,
			);
		}
		if (node.anchor !== undefined && !aliased) this.#anchors.set(node.anchor, node);
		if (isScalar(node)) return { kind: 'scalar', value: scalarOf(node.value), at };
		if (isSeq(node)) {
			return {
				kind: 'list',
				items: node.items.map((item) => this.#convert(item, offset, depth + 1, aliased)),
				at,
			};
		}
		if (isMap(node)) return { kind: 'map', entries: this.#entries(node.items, offset, depth, aliased), at };
		return nothing;
	}

	#entries(pairs: readonly Pair[], near: number, depth: number, aliased: boolean): ConfigEntry[] {
		const seen = new Set<string>();
		const entries: ConfigEntry[] = [];
		for (const pair of pairs) {
			const { isNode, isScalar } = this.#yaml;
			const offset = isNode(pair.key) ? (pair.key.range?.[0] ?? near) : near;
			const keyAt = this.#position(offset);
			const name = isScalar(pair.key) ? (pair.key.source ?? String(pair.key.value)) : null;
			if (name === null) this.#wrong(keyAt, 'found a key that is no text, wanted text');
			else if (seen.has(name))
				this.#wrong(keyAt, `found ${JSON.stringify(name)} a second time, wanted each key once`);
			else entries.push({ key: name, keyAt, node: this.#convert(pair.value, offset, depth + 1, aliased) });
			if (name !== null) seen.add(name);
		}
		return entries;
	}

	#refuse(at: Position, problem: string): ConfigNode {
		this.#refused = true;
		this.#wrong(at, problem);
		return { kind: 'scalar', value: null, at };
	}

	#wrong(at: Position, problem: string): void {
		this.#mistakes.push(valueMistake(placeText(this.#file.label, at, []), problem, at));
	}
}

function scalarOf(value: unknown): string | number | boolean | null {
	if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
	return value === null || value === undefined ? null : String(value);
}
