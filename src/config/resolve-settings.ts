/** Flag > environment > config file > default, judged once, with every mistake reported together. */
import path from 'node:path';
import * as z from 'zod/mini';
import type { FunctionCredentials } from '../contract/function-settings.ts';
import { LIMITS } from '../contract/limits.ts';
import { ConfigError, type Mistake, valueMistake } from './config-error.ts';
import { CONFIG_FILE_NAME, readConfigFile } from './config-file.ts';
import { fieldFromText, showValue } from './field-text.ts';
import type { GivenValue } from './given-value.ts';
import { parseListenAddress } from './listen-address.ts';
import type { RunSettings } from './run-settings.ts';
import { FIELD_KEYS, FIELDS, type FieldKey, type SettingValues } from './schema.ts';
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
	const given = new Map([...(file?.values ?? []), ...variables, ...flags]);
	// A wrong `env` stays wrong where a stronger place has one too: the places are merged, not replaced.
	for (const place of [file?.values, variables]) judgeEnv(place?.get('env'), mistakes);
	const environment = userEnvironment(
		{
			file: file?.values.get('env'),
			envFile: given.get('envFile'),
			variable: variables.get('env'),
			flags: input.flags.get('env') ?? [],
		},
		mistakes,
	);
	given.delete('env');
	const values = judgeValues(given, mistakes);
	if (values !== null) judgeTogether(values, given, mistakes);
	if (values === null || mistakes.length > 0) throw new ConfigError(mistakes);
	return settingsOf(values, codeRoot, environment, file?.path ?? null);
}

function findConfigFile(
	input: SettingsInput,
	codeRoot: string,
	mistakes: Mistake[],
): ReturnType<typeof readConfigFile> {
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

/** Only what was given is judged; a test holds the defaults against the schema. Null where a value is wrong. */
function judgeValues(given: ReadonlyMap<FieldKey, GivenValue>, mistakes: Mistake[]): SettingValues | null {
	const values = new Map<FieldKey, unknown>(FIELD_KEYS.map((key) => [key, FIELDS[key].fallback]));
	let wrong = false;
	for (const [key, { value, source }] of given) {
		const field = FIELDS[key];
		const result = z.safeParse<z.ZodMiniType>(field.type(), value);
		if (result.success) {
			values.set(key, result.data);
		} else {
			wrong = true;
			mistakes.push(valueMistake(source, `found ${showValue(field, value)}, wanted ${field.wanted}`));
		}
	}
	// Each value has passed the type of its own key, or is its default.
	return wrong ? null : (Object.fromEntries(values) as unknown as SettingValues);
}

/** Rules between settings. */
function judgeTogether(
	values: SettingValues,
	given: ReadonlyMap<FieldKey, GivenValue>,
	mistakes: Mistake[],
): void {
	const { streamTimeoutSecondsMax } = LIMITS;
	if (values.stream && values.timeout > streamTimeoutSecondsMax) {
		const source = given.get('timeout')?.source ?? 'timeout';
		const wanted = `wanted at most ${streamTimeoutSecondsMax} for a function that streams`;
		mistakes.push(valueMistake(source, `found ${values.timeout}, ${wanted}`));
	}
	const credentials = credentialsOf(values);
	if (values.enableAuthInHeader && Object.values(credentials).every((value) => value === '')) {
		const source = given.get('enableAuthInHeader')?.source ?? 'enableAuthInHeader';
		mistakes.push(
			valueMistake(source, 'found true and no credential, wanted one in the config file or environment'),
		);
	}
}

function settingsOf(
	values: SettingValues,
	codeRoot: string,
	environment: Record<string, string>,
	configPath: string | null,
): RunSettings {
	const listen = parseListenAddress(values.listen);
	if (listen === null) throw new Error('the schema lets only listen addresses pass');
	return {
		function: {
			codeRoot,
			name: values.name ?? nameOfFolder(codeRoot),
			package: values.package,
			version: values.version,
			projectId: values.projectId,
			region: values.region,
			memoryMb: values.memory,
			timeoutSeconds: values.timeout,
			initTimeoutSeconds: values.initTimeout,
			environment,
			streamResponse: values.stream,
			strictEnvelope: values.strictEnvelope,
			credentials: values.enableAuthInHeader ? credentialsOf(values) : null,
		},
		listen,
		isolation: values.isolation,
		eager: values.eager,
		logFormat: values.logFormat,
		logLevel: values.logLevel,
		configPath,
	};
}

function credentialsOf(values: SettingValues): FunctionCredentials {
	return {
		accessKey: values.accessKey ?? '',
		secretKey: values.secretKey ?? '',
		securityAccessKey: values.securityAccessKey ?? '',
		securitySecretKey: values.securitySecretKey ?? '',
		securityToken: values.securityToken ?? '',
		authToken: values.authToken ?? '',
	};
}

/** A folder may be called what no function may: other characters become `-`. */
function nameOfFolder(codeRoot: string): string {
	const name = path
		.basename(codeRoot)
		.replaceAll(/[^\w-]/g, '-')
		.replace(/^[^A-Za-z]+/, '')
		.slice(0, LIMITS.nameCharsMax)
		.replace(/[^A-Za-z0-9]+$/, '');
	return name === '' ? 'function' : name;
}
