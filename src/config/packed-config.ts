/** A config file of `httpfn serve` as it goes into a packed file: its code and env files come along, and it names them where they then are. */
import path from 'node:path';
import { ConfigError, type Mistake, valueMistake } from './config-error.ts';
import { plainValue } from './config-node.ts';
import { nameOfFolder } from './name-of-folder.ts';
import { readConfigText } from './read-config-text.ts';
import type { ServeConfigPath } from './serve-config-path.ts';

export interface PackedConfig {
	/** After the folder of the file. */
	readonly name: string;
	/** JSON; paths in it are relative to the root of the package. */
	readonly text: string;
	readonly functions: readonly { readonly name: string; readonly folder: string }[];
	/** Absolute paths by the name that each has in the package. */
	readonly folders: ReadonlyMap<string, string>;
	readonly files: ReadonlyMap<string, string>;
}

type Values = Record<string, unknown>;

/** Files and folders of the machine that serves: relative to a package they mean nothing. */
const MACHINE_PATHS = ['tlsCert', 'tlsKey', 'accessLog', 'state', 'cert', 'key', 'expose'];
const STREAMS = ['stdout', 'stderr'];

/** `text` has been judged as `httpfn serve` does. Rejects with a ConfigError where a path can not come along. */
export async function packedConfig(file: ServeConfigPath, text: string): Promise<PackedConfig> {
	const mistakes: Mistake[] = [];
	const node = await readConfigText({ ...file, text }, mistakes);
	if (node === null || mistakes.length > 0) throw new ConfigError(mistakes);
	const root = valuesOf(plainValue(node));
	const config = new ConfigRewriter(file);
	const functions = valuesOf(root.functions);
	config.takeEnvFile(valuesOf(root.defaults), 'defaults');
	for (const [name, given] of Object.entries(functions)) {
		const one = valuesOf(given);
		config.takeFunction(one, name);
		for (const [version, more] of Object.entries(valuesOf(one.versions))) {
			config.takeFunction(valuesOf(more), `${name}@${version}`);
		}
	}
	config.judgeMachinePaths(root, []);
	if (config.mistakes.length > 0) throw new ConfigError(config.mistakes);
	return {
		name: nameOfFolder(path.dirname(file.path)),
		text: `${JSON.stringify(root, null, '\t')}\n`,
		functions: Object.entries(functions).map(([name, one]) => ({ name, folder: String(valuesOf(one).code) })),
		folders: config.folders,
		files: config.files,
	};
}

/** Changes the values that it is given. */
class ConfigRewriter {
	readonly folders = new Map<string, string>();
	readonly files = new Map<string, string>();
	readonly mistakes: Mistake[] = [];
	readonly #file: ServeConfigPath;

	constructor(file: ServeConfigPath) {
		this.#file = file;
	}

	takeFunction(given: Values, name: string): void {
		if (typeof given.code === 'string') {
			given.code = take(this.folders, `functions/${name}`, this.#absolute(given.code));
		}
		this.takeEnvFile(given, name);
	}

	takeEnvFile(given: Values, name: string): void {
		if (typeof given.envFile !== 'string') return;
		given.envFile = take(this.files, `env/${name}`, this.#absolute(given.envFile));
	}

	judgeMachinePaths(given: unknown, at: readonly string[]): void {
		if (Array.isArray(given)) for (const item of given) this.judgeMachinePaths(item, at);
		if (typeof given === 'string') this.#judgePath(given, at);
		if (typeof given !== 'object' || given === null || Array.isArray(given)) return;
		for (const [key, value] of Object.entries(given)) {
			// Names of variables are the user's own.
			if (key !== 'env') this.judgeMachinePaths(value, [...at, key]);
		}
	}

	#judgePath(text: string, at: readonly string[]): void {
		if (!MACHINE_PATHS.includes(at.at(-1) ?? '') || path.isAbsolute(text)) return;
		if (text === '' || STREAMS.includes(text)) return;
		const found = `found ${JSON.stringify(text)}, which is a path of the machine that serves`;
		this.mistakes.push(
			valueMistake(`${this.#file.label}: ${at.join('.')}`, `${found}, wanted an absolute one`),
		);
	}

	#absolute(text: string): string {
		return path.resolve(path.dirname(this.#file.path), text);
	}
}

/** The name under which it comes along: of those that are the same place, the first. */
function take(taken: Map<string, string>, name: string, place: string): string {
	for (const [known, at] of taken) if (at === place) return known;
	taken.set(name, place);
	return name;
}

function valuesOf(given: unknown): Values {
	return typeof given === 'object' && given !== null && !Array.isArray(given) ? (given as Values) : {};
}
