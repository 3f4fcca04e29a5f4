import { fileURLToPath } from 'node:url';
import { ConfigError, type Mistake, valueMistake } from './config-error.ts';
import { givenOptions } from './given-options.ts';
import { resolveSettings } from './resolve-settings.ts';
import type { RunSettings } from './run-settings.ts';

export interface OptionsInput {
	/** As a program gave them: `folder`, perhaps `config`, and settings by their keys. */
	readonly options: Readonly<Record<string, unknown>>;
	readonly workingFolder: string;
	/** Of this process. Its HTTPFN_ variables are for the command line. */
	readonly environment: Readonly<Record<string, string>>;
}

/** Options > config file > default. Throws a ConfigError that names every mistake. */
export function resolveOptions({ options, workingFolder, environment }: OptionsInput): RunSettings {
	const mistakes: Mistake[] = [];
	const { folder, config, ...settings } = options;
	const codeFolder = pathOf('folder', folder, 'the path of the folder that holds bootstrap', mistakes);
	const configPath =
		config === undefined ? null : pathOf('config', config, 'the path of a JSON file', mistakes);
	const given = givenOptions(settings, workingFolder, mistakes);
	if (codeFolder === null) throw new ConfigError(mistakes);
	const variables = Object.entries(environment).filter(([name]) => !name.startsWith('HTTPFN_'));
	return resolveSettings({
		folder: codeFolder,
		workingFolder,
		environment: Object.fromEntries(variables),
		flags: new Map(),
		configPath,
		options: given,
		mistakes,
	});
}

/** Null where it is none, which is a mistake. */
function pathOf(name: string, value: unknown, wanted: string, mistakes: Mistake[]): string | null {
	if (typeof value === 'string' && value !== '') return value;
	if (value instanceof URL && value.protocol === 'file:') return fileURLToPath(value);
	const found = value instanceof URL ? value.href : (JSON.stringify(value) ?? String(value));
	mistakes.push(
		valueMistake(`option ${name}`, `found ${found.slice(0, 60)}, wanted ${wanted}, or a file URL`),
	);
	return null;
}
