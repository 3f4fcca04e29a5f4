import fs from 'node:fs';
import path from 'node:path';
import { type Mistake, valueMistake } from './config-error.ts';
import { CONFIG_VARIABLE } from './variables.ts';

/** Looked for in this order where no file is named. */
const SERVE_CONFIG_NAMES = ['httpfn.yaml', 'httpfn.yml', 'httpfn.json'] as const;

export interface ServeConfigPath {
	/** As it was named: what mistakes call it. */
	readonly label: string;
	/** Absolute. */
	readonly path: string;
}

interface ConfigPlaces {
	readonly configPath: string | null;
	readonly workingFolder: string;
	readonly environment: Readonly<Record<string, string>>;
}

/** The config file that `reload` means; null, and a mistake, where there is none. */
export function requireServeConfig(input: ConfigPlaces, mistakes: Mistake[]): ServeConfigPath | null {
	const found = findServeConfig(input);
	if (found === null) {
		const folder = JSON.stringify(input.workingFolder);
		const problem = `found none of ${SERVE_CONFIG_NAMES.join(', ')} in ${folder}, wanted --config F`;
		mistakes.push(valueMistake('--config', problem));
	}
	return found;
}

/** The config file that `serve` means; null where there is none, and none was named. */
export function findServeConfig(input: ConfigPlaces): ServeConfigPath | null {
	const named = input.configPath ?? input.environment[CONFIG_VARIABLE] ?? null;
	if (named !== null) return { label: named, path: path.resolve(input.workingFolder, named) };
	for (const label of SERVE_CONFIG_NAMES) {
		const found = path.join(input.workingFolder, label);
		if (fs.existsSync(found)) return { label, path: found };
	}
	return null;
}
