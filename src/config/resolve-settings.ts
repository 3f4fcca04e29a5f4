/** Flag > environment > config file > default, judged once, with every mistake reported together. */
import path from 'node:path';
import * as z from 'zod/mini';
import type { LogReader } from './access-log-fields.ts';
import { ConfigError, type Mistake, valueMistake } from './config-error.ts';
import { CONFIG_FILE_NAME, type ConfigFile, readConfigFile } from './config-file.ts';
import { fieldFromText, showValue } from './field-text.ts';
import type { GivenValue } from './given-value.ts';
import { hostSettings, secretFiles } from './host-settings.ts';
import { judgeValues } from './judge-values.ts';
import { makePlan } from './make-plan.ts';
import { nameOfFolder } from './name-of-folder.ts';
import type { RunSettings } from './run-settings.ts';
import { runtimeFolder } from './runtime-folder.ts';
import { FIELDS, type FieldKey } from './schema.ts';
import { userEnvironment } from './user-environment.ts';
import { CONFIG_VARIABLE, readVariables } from './variables.ts';

export interface SettingsInput {
	/** The function's folder, as typed. */
	readonly folder: string;
	readonly workingFolder: string;
	readonly environment: Readonly<Record<string, string>>;
	/** Texts of the flags that were given; `true` and `false` stand for those without a value. */
	readonly flags: ReadonlyMap<FieldKey, readonly string[]>;
	readonly configPath: string | null;
	/** Who reads stderr; absent: nobody that anything is made readable for. */
	readonly reader?: LogReader;
	/** What a program gave: it wins over every other place. */
	readonly options?: ReadonlyMap<FieldKey, GivenValue>;
	/** What is wrong with the command line already. */
	readonly mistakes: readonly Mistake[];
}

/** Throws a ConfigError that names every mistake. */
export function resolveSettings(input: SettingsInput): RunSettings {
	const mistakes = [...input.mistakes];
	const codeRoot = path.resolve(input.workingFolder, input.folder);
	const variables = readVariables(input.environment, input.workingFolder, mistakes);
	const file = findConfigFile(input, codeRoot, mistakes);
	const flags = readFlags(input);
	const { options = new Map<FieldKey, GivenValue>() } = input;
	const given = new Map([...(file?.values ?? []), ...variables, ...flags, ...options]);
	// A wrong `env` stays wrong where a stronger place has one too: the places are merged, not replaced.
	for (const place of [file?.values, variables, options]) judgeEnv(place?.get('env'), mistakes);
	const envFile = given.get('envFile');
	const environment = userEnvironment(
		[
			{ kind: 'object', given: file?.values.get('env') },
			{ kind: 'file', given: envFile },
			{ kind: 'object', given: variables.get('env') },
			{ kind: 'flags', texts: input.flags.get('env') ?? [] },
			{ kind: 'object', given: options.get('env') },
		],
		mistakes,
	);
	given.delete('env');
	const values = judgeValues(given, mistakes);
	const host =
		values === null ? null : hostSettings(values, given, input.environment, mistakes, input.reader);
	if (values === null || host === null || mistakes.length > 0) throw new ConfigError(mistakes);
	const plan = makePlan(values, {
		codeRoot,
		name: nameOfFolder(codeRoot),
		environment,
		exposeFolder: given.get('expose')?.folder ?? input.workingFolder,
		hide: [...hiddenPaths(input, file, envFile), ...secretFiles(host)],
	});
	return { ...plan, ...host, configPath: file?.path ?? null };
}

/** The settings that somewhere somebody has said something of; the others are defaults. What is wrong with them is not told here. */
export function givenSettings(input: SettingsInput): ReadonlySet<FieldKey> {
	const codeRoot = path.resolve(input.workingFolder, input.folder);
	const variables = readVariables(input.environment, input.workingFolder, []);
	const file = findConfigFile(input, codeRoot, []);
	return new Set([...(file?.values.keys() ?? []), ...variables.keys(), ...input.flags.keys()]);
}

function findConfigFile(input: SettingsInput, codeRoot: string, mistakes: Mistake[]): ConfigFile | null {
	const named = input.configPath ?? input.environment[CONFIG_VARIABLE] ?? null;
	if (named === null) return readConfigFile(path.join(codeRoot, CONFIG_FILE_NAME), null, mistakes);
	const source = input.configPath === null ? CONFIG_VARIABLE : '--config';
	return readConfigFile(path.resolve(input.workingFolder, named), source, mistakes);
}

function readFlags(input: SettingsInput): Map<FieldKey, GivenValue> {
	const values = new Map<FieldKey, GivenValue>();
	for (const [key, texts] of input.flags) {
		const [first] = texts;
		const { flag } = FIELDS[key];
		if (key === 'env' || first === undefined || flag === null) continue;
		values.set(key, { value: fieldFromText(FIELDS[key], first), source: flag, folder: input.workingFolder });
	}
	return values;
}

function judgeEnv(given: GivenValue | undefined, mistakes: Mistake[]): void {
	if (given === undefined || z.safeParse(FIELDS.env.type(), given.value).success) return;
	const wanted = 'wanted an object of strings';
	mistakes.push(valueMistake(given.source, `found ${showValue(FIELDS.env, given.value)}, ${wanted}`));
}

/** What no function may see: where its settings, and so its credentials, come from. */
function hiddenPaths(
	input: SettingsInput,
	file: ConfigFile | null,
	envFile: GivenValue | undefined,
): readonly string[] {
	const paths = [runtimeFolder(input.environment)];
	if (file !== null) paths.push(file.path);
	if (typeof envFile?.value === 'string') paths.push(path.resolve(envFile.folder, envFile.value));
	return paths;
}
