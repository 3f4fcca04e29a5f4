/** The settings of `httpfn serve`: one file, and for httpfn itself flags and variables over it. Every mistake is reported together. */
import fs from 'node:fs';
import path from 'node:path';
import { RuntimeError } from '../contract/errors.ts';
import { findStartFile } from '../process/code-folder.ts';
import { ConfigError, type Mistake, valueMistake } from './config-error.ts';
import { CONTROL_OFF } from './control-fields.ts';
import { fieldFromText } from './field-text.ts';
import type { GivenValue } from './given-value.ts';
import { hostSettings, secretFiles } from './host-settings.ts';
import { judgeValues } from './judge-values.ts';
import { parseListenAddress } from './listen-address.ts';
import { type FileContext, MapReader } from './map-reader.ts';
import { readConfigText } from './read-config-text.ts';
import { HOST_KEYS, type ReadPlan, readFunctions, SERVE_KEYS } from './read-functions.ts';
import { runtimeFolder } from './runtime-folder.ts';
import { FIELDS, type FieldKey, type SettingValues } from './schema.ts';
import { findServeConfig, requireServeConfig } from './serve-config-path.ts';
import type { ControlSettings, PlannedRoute, ServeSettings } from './serve-settings.ts';
import { defaultStateFolder } from './state-folder.ts';
import { readVariables } from './variables.ts';

export interface ServeInput {
	readonly workingFolder: string;
	readonly environment: Readonly<Record<string, string>>;
	/** Texts of the flags that were given. */
	readonly flags: ReadonlyMap<FieldKey, readonly string[]>;
	readonly configPath: string | null;
	/** What is wrong with the command line already. */
	readonly mistakes: readonly Mistake[];
}

/** Rejects with a ConfigError that names every mistake, those of the code folders included. */
export async function resolveServe(input: ServeInput): Promise<ServeSettings> {
	const mistakes = [...input.mistakes];
	const given = new Map([...hostVariables(input, mistakes), ...hostFlags(input)]);
	const control = given.get('control')?.value;
	const file = control === CONTROL_OFF ? requireServeConfig(input, mistakes) : findServeConfig(input);
	if (file === null) return withoutFile(given, input, mistakes);
	const text = readText(file.path, file.label, mistakes);
	if (text === null) throw new ConfigError(mistakes);
	const node = await readConfigText({ ...file, text }, mistakes);
	if (node === null) throw new ConfigError(mistakes);
	const context: FileContext = { label: file.label, folder: path.dirname(file.path), mistakes };
	const root = new MapReader(context, node, [], SERVE_KEYS.root);
	for (const key of HOST_KEYS) {
		const value = root.given(key);
		if (value !== undefined && !given.has(key)) given.set(key, value);
	}
	const values = judgeValues(given, mistakes);
	const host = values === null ? null : hostSettings(values, given, input.environment, mistakes);
	const controlled = isControlled(given);
	const hide = [
		file.path,
		...(host === null ? [] : secretFiles(host)),
		runtimeFolder(input.environment),
		...(controlled ? [stateFolderOf(given, input)] : []),
	];
	const { plans, routes } = readFunctions(context, root, { hide, required: !controlled });
	const routed = new Set(routes.map(({ plan }) => plan));
	await judgeCode([...plans.values()], mistakes);
	if (values === null || host === null || mistakes.length > 0) throw new ConfigError(mistakes);
	return {
		...host,
		control: controlled ? controlSettings(values, given, input, hide) : null,
		configPath: file.path,
		plans: new Map([...plans].filter(([key]) => routed.has(key)).map(([key, { plan }]) => [key, plan])),
		routes: routes.map(withoutReader),
	};
}

/** Only what was deployed is served. */
function withoutFile(
	given: ReadonlyMap<FieldKey, GivenValue>,
	input: ServeInput,
	mistakes: Mistake[],
): ServeSettings {
	const values = judgeValues(given, mistakes);
	const host = values === null ? null : hostSettings(values, given, input.environment, mistakes);
	if (values === null || host === null || mistakes.length > 0) throw new ConfigError(mistakes);
	const hide = [runtimeFolder(input.environment), ...secretFiles(host)];
	const control = controlSettings(values, given, input, hide);
	return { ...host, control, configPath: null, plans: new Map(), routes: [] };
}

/** A file that says what is served is all there is, unless a control plane is asked for. */
function isControlled(given: ReadonlyMap<FieldKey, GivenValue>): boolean {
	const control = given.get('control');
	return control === undefined ? given.has('state') : control.value !== CONTROL_OFF;
}

function controlSettings(
	values: SettingValues,
	given: ReadonlyMap<FieldKey, GivenValue>,
	input: ServeInput,
	hide: readonly string[],
): ControlSettings {
	const listen = parseListenAddress(values.control);
	if (listen === null) throw new Error('the schema lets only listen addresses pass');
	return { listen, stateFolder: stateFolderOf(given, input), hide };
}

/** A relative path is one from where it was written. */
function stateFolderOf(given: ReadonlyMap<FieldKey, GivenValue>, { environment }: ServeInput): string {
	const state = given.get('state');
	if (typeof state?.value !== 'string') return defaultStateFolder(environment);
	return path.resolve(state.folder, state.value);
}

function readText(file: string, label: string, mistakes: Mistake[]): string | null {
	try {
		return fs.readFileSync(file, 'utf8');
	} catch (error) {
		const { code = 'unreadable' } = error as NodeJS.ErrnoException;
		mistakes.push(valueMistake(label, `cannot read ${JSON.stringify(file)} (${code}), wanted a file`));
		return null;
	}
}

function isHostKey(key: FieldKey): boolean {
	return HOST_KEYS.some((host) => host === key);
}

/** A variable would be for all functions: `defaults` of the file says that where it can be seen. */
function hostVariables(input: ServeInput, mistakes: Mistake[]): Map<FieldKey, GivenValue> {
	const variables = readVariables(input.environment, input.workingFolder, mistakes);
	for (const [key, { source }] of variables) {
		if (isHostKey(key)) continue;
		mistakes.push(
			valueMistake(source, `is a setting of a function, wanted ${key} under defaults in the config file`),
		);
		variables.delete(key);
	}
	return variables;
}

function hostFlags({ flags, workingFolder }: ServeInput): Map<FieldKey, GivenValue> {
	const values = new Map<FieldKey, GivenValue>();
	for (const [key, [text]] of flags) {
		const { flag } = FIELDS[key];
		if (text === undefined || flag === null || !isHostKey(key)) continue;
		values.set(key, { value: fieldFromText(FIELDS[key], text), source: flag, folder: workingFolder });
	}
	return values;
}

/** One look at each folder, however many versions share it. */
async function judgeCode(plans: readonly ReadPlan[], mistakes: Mistake[]): Promise<void> {
	const places = new Map<string, GivenValue>();
	for (const { plan, code } of plans) {
		const key = `${plan.function.codeRoot}\0${code.source}`;
		places.set(key, code);
	}
	for (const [key, code] of places) {
		const [codeRoot = ''] = key.split('\0');
		try {
			findStartFile(codeRoot);
		} catch (error) {
			if (!(error instanceof RuntimeError)) throw error;
			mistakes.push(valueMistake(code.source, `${error.code}: ${error.message}`, code.locate?.([]).position));
		}
	}
}

function withoutReader({ host, path: routePath, match, method, plan }: PlannedRoute): PlannedRoute {
	return { host, path: routePath, match, method, plan };
}
