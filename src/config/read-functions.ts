/** `functions` of a config file of `serve`: plans and routes. */
import path from 'node:path';
import { checkFunctionName, checkVersion } from '../contract/function-name.ts';
import type { ConfigNode } from './config-node.ts';
import type { FunctionPlan } from './function-plan.ts';
import type { GivenValue } from './given-value.ts';
import { judgeValues } from './judge-values.ts';
import { makePlan } from './make-plan.ts';
import { type FileContext, MapReader } from './map-reader.ts';
import { judgeConflicts, type ReadRoute, readRoutes } from './read-routes.ts';
import { FIELD_KEYS, FIELDS, type FieldKey, type SettingValues } from './schema.ts';
import { addStrategyConfig, STRATEGY_KEY } from './strategy-config.ts';
import { type EnvironmentPlace, userEnvironment } from './user-environment.ts';

/** Settings of httpfn itself: they stand at the top of the file, once. */
export const HOST_KEYS = [
	'listen',
	'trustedProxies',
	'proxyProtocol',
	'tlsCert',
	'tlsKey',
	'tlsCertificates',
	'tlsMinVersion',
	'workers',
	'connectionsMax',
	'connectionsPerAddress',
	'queuedMax',
	'heldMemory',
	'pidFile',
	'control',
	'state',
	'isolation',
	'accessLog',
	'accessLogFormat',
	'logFormat',
	'logLevel',
] as const satisfies FieldKey[];

const FUNCTION_FIELDS = FIELD_KEYS.filter((key) => !HOST_KEYS.some((host) => host === key) && key !== 'name');

/** What each object of the file may hold. */
export const SERVE_KEYS = {
	root: ['$schema', ...HOST_KEYS, 'defaults', 'functions'],
	defaults: [...FUNCTION_FIELDS, STRATEGY_KEY],
	function: ['code', 'routes', 'versions', ...FUNCTION_FIELDS, STRATEGY_KEY],
	version: ['code', ...FUNCTION_FIELDS.filter((key) => key !== 'version'), STRATEGY_KEY],
} as const;

export interface ReadFunctions {
	readonly plans: ReadonlyMap<string, ReadPlan>;
	readonly routes: readonly ReadRoute[];
}

/** A plan, and where its code folder is named. */
export interface ReadPlan {
	readonly plan: FunctionPlan;
	readonly code: GivenValue;
}

export interface ReadOptions {
	/** What no function may see; the env files of all functions are added to it. */
	readonly hide: readonly string[];
	/** Without functions there would be nothing to serve. */
	readonly required: boolean;
}

export function readFunctions(
	context: FileContext,
	root: MapReader,
	{ hide, required }: ReadOptions,
): ReadFunctions {
	const secrets = new Set(hide);
	// One list for all plans, complete when the last of them is made.
	const hidden: string[] = [];
	const plans = new Map<string, ReadPlan>();
	const routes: ReadRoute[] = [];
	const node = root.node('functions');
	if (node === undefined && !required) return { plans, routes };
	if (node === undefined) {
		root.wrong(root.at, 'no functions, wanted an object of at least one');
		return { plans, routes };
	}
	const defaultsNode = root.node('defaults');
	const defaults =
		defaultsNode === undefined
			? null
			: new MapReader(context, defaultsNode, ['defaults'], SERVE_KEYS.defaults);
	const functions = new MapReader(context, node, ['functions'], null);
	const names = functions.keys();
	if (names.length === 0 && node.kind === 'map')
		root.wrong(node.at, 'found no function, wanted at least one', ['functions']);
	for (const name of names) {
		const one = new FunctionReader(context, functions, name, defaults, { secrets, hidden });
		for (const [key, plan] of one.plans) plans.set(key, plan);
		routes.push(...one.routes(names.length === 1));
	}
	judgeConflicts(routes);
	hidden.push(...[...secrets].sort());
	return { plans, routes };
}

interface Hiding {
	readonly secrets: Set<string>;
	readonly hidden: readonly string[];
}

class FunctionReader {
	readonly plans = new Map<string, ReadPlan>();
	readonly #context: FileContext;
	readonly #name: string;
	readonly #own: MapReader;
	readonly #defaults: MapReader | null;
	readonly #hiding: Hiding;
	/** Keys of plans by version, null being the function itself; there even where the plan could not be made. */
	readonly #keys = new Map<string | null, string>();

	constructor(
		context: FileContext,
		functions: MapReader,
		name: string,
		defaults: MapReader | null,
		hiding: Hiding,
	) {
		this.#context = context;
		this.#name = name;
		this.#defaults = defaults;
		this.#hiding = hiding;
		const node = functions.node(name);
		if (node === undefined) throw new Error('the name is one of the keys');
		this.#own = new MapReader(context, node, [...functions.path, name], SERVE_KEYS.function);
		for (const problem of checkFunctionName(name)) this.#own.wrong(node.at, problem);
		this.#addPlan(null, this.#own);
		this.#addVersions(this.#own.node('versions'));
	}

	routes(alone: boolean): ReadRoute[] {
		const node = this.#own.node('routes');
		const versions = [...this.#keys.keys()].filter((version) => version !== null);
		if (node !== undefined) {
			return readRoutes(this.#context, this.#own, node, (version) => this.#keys.get(version), versions);
		}
		if (!alone) {
			this.#own.wrong(this.#own.at, 'no routes, wanted routes, since there is more than one function');
			return [];
		}
		const everything = { host: null, path: '/', match: 'prefix', method: null } as const;
		return [{ ...everything, plan: this.#name, reader: this.#own }];
	}

	#addVersions(node: ConfigNode | undefined): void {
		if (node === undefined) return;
		const path = [...this.#own.path, 'versions'];
		const versions = new MapReader(this.#context, node, path, null);
		const given = this.#own.given('version') ?? this.#defaults?.given('version');
		const own = given?.value ?? FIELDS.version.fallback;
		for (const version of versions.keys()) {
			const entry = versions.node(version);
			if (entry === undefined) continue;
			for (const problem of checkVersion(version)) versions.wrong(entry.at, problem, [version]);
			const reader = new MapReader(this.#context, entry, [...path, version], SERVE_KEYS.version);
			if (version === own) {
				reader.wrong(entry.at, 'found the version that the function itself has, wanted another');
			}
			this.#addPlan(version, reader);
		}
	}

	#addPlan(version: string | null, reader: MapReader): void {
		const layers = [this.#defaults, this.#own, reader].filter((layer) => layer !== null);
		const key = version === null ? this.#name : `${this.#name}@${version}`;
		this.#keys.set(version, key);
		const { mistakes } = this.#context;
		const given = new Map<FieldKey, GivenValue>();
		const places: EnvironmentPlace[] = [];
		for (const layer of new Set(layers)) {
			const values = layerValues(layer, mistakes);
			for (const [field, value] of values) given.set(field, value);
			const envFile = values.get('envFile');
			if (typeof envFile?.value === 'string') {
				this.#hiding.secrets.add(path.resolve(envFile.folder, envFile.value));
			}
			places.push({ kind: 'object', given: values.get('env') }, { kind: 'file', given: envFile });
		}
		const environment = userEnvironment(places, mistakes);
		const values = judgeValues(given, mistakes);
		const code = this.#code(reader);
		if (values !== null && code !== null) {
			this.plans.set(key, { plan: this.#plan(values, version, code, environment, given), code });
		}
	}

	#plan(
		values: SettingValues,
		version: string | null,
		code: GivenValue,
		environment: Readonly<Record<string, string>>,
		given: ReadonlyMap<FieldKey, GivenValue>,
	): FunctionPlan {
		const { folder } = this.#context;
		return makePlan(version === null ? values : { ...values, version }, {
			codeRoot: path.resolve(folder, String(code.value)),
			name: this.#name,
			environment,
			exposeFolder: given.get('expose')?.folder ?? folder,
			hide: this.#hiding.hidden,
		});
	}

	/** The folder that the version names, else that of the function. */
	#code(reader: MapReader): GivenValue | null {
		const holder = reader.node('code') === undefined ? this.#own : reader;
		const text = holder.text('code', 'the path of the folder that holds bootstrap', (value) => value !== '');
		if (text === undefined)
			holder.wrong(holder.at, 'no code, wanted the path of the folder that holds bootstrap');
		return (typeof text === 'string' ? holder.given('code') : null) ?? null;
	}
}

function layerValues(layer: MapReader, mistakes: FileContext['mistakes']): Map<FieldKey, GivenValue> {
	const values = new Map<FieldKey, GivenValue>();
	for (const key of FUNCTION_FIELDS) {
		const given = layer.given(key);
		if (given !== undefined) values.set(key, given);
	}
	const strategy = layer.given(STRATEGY_KEY);
	if (strategy !== undefined) addStrategyConfig(strategy, values, mistakes);
	return values;
}
