/** JSON Schema of the config file of `httpfn serve`, from the settings table and from what its reader takes. */
import * as z from 'zod/mini';
import type { Field } from '../src/config/field.ts';
import { HOST_KEYS, SERVE_KEYS } from '../src/config/read-functions.ts';
import { ROUTE_KEYS, ROUTE_RULES } from '../src/config/read-routes.ts';
import { FIELD_KEYS, FIELDS, type FieldKey, settingsSchema } from '../src/config/schema.ts';
import { STRATEGY_KEY } from '../src/config/strategy-config.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Schemas of the settings, by key, with their sentences. */
export function settingSchemas(): Readonly<Record<string, Schema>> {
	const { properties = {} } = z.toJSONSchema(settingsSchema());
	const described = FIELD_KEYS.map((key): [string, Schema] => {
		const { sentence, fallback } = FIELDS[key] as Field;
		const rule = properties[key];
		const base = typeof rule === 'object' ? rule : {};
		return [
			key,
			{ description: sentence, ...base, ...(fallback === undefined ? {} : { default: fallback }) } as Schema,
		];
	});
	return { ...Object.fromEntries(described), [STRATEGY_KEY]: strategySchema(properties) };
}

function strategySchema(properties: Readonly<Record<string, unknown>>): Schema {
	const { concurrency, concurrentNum } = properties;
	return {
		description: 'concurrency and concurrentNum as the platform writes them.',
		type: 'object',
		properties: { concurrency, concurrent_num: concurrentNum },
		additionalProperties: false,
	};
}

export function serveSchema(): Schema {
	const settings = settingSchemas();
	const pick = (keys: readonly string[]) =>
		Object.fromEntries(keys.flatMap((key) => (settings[key] === undefined ? [] : [[key, settings[key]]])));
	const code = {
		description: 'Folder that holds bootstrap, relative to this file.',
		type: 'string',
		minLength: 1,
	};
	const closed = (properties: Schema, more: Schema = {}) => ({
		type: 'object',
		properties,
		...more,
		additionalProperties: false,
	});
	return {
		$schema: 'https://json-schema.org/draft/2020-12/schema',
		title: 'httpfn.yaml',
		description: 'Functions, and how httpfn serve serves them.',
		...closed(
			{
				$schema: { type: 'string' },
				...pick(HOST_KEYS satisfies readonly FieldKey[]),
				defaults: { description: 'Settings of all functions.', $ref: '#/$defs/defaults' },
				functions: {
					description: 'Functions by name.',
					type: 'object',
					minProperties: 1,
					additionalProperties: { $ref: '#/$defs/function' },
				},
			},
			{ required: ['functions'] },
		),
		$defs: {
			defaults: closed(pick(SERVE_KEYS.defaults)),
			function: closed(
				{
					code,
					routes: {
						description: 'Requests that it answers. A function that is alone answers all where it has none.',
						type: 'array',
						minItems: 1,
						items: { $ref: '#/$defs/route' },
					},
					versions: {
						description: 'Other settings of the function, by version; each version has instances of its own.',
						type: 'object',
						additionalProperties: { $ref: '#/$defs/version' },
					},
					...pick(SERVE_KEYS.function),
				},
				{ required: ['code'] },
			),
			version: closed({ code, ...pick(SERVE_KEYS.version) }),
			route: closed(Object.fromEntries(ROUTE_KEYS.map((key) => [key, routeSchema(key)]))),
		},
	};
}

function routeSchema(key: (typeof ROUTE_KEYS)[number]): Schema {
	if (key === 'version')
		return { description: 'One of versions; without it the function itself.', type: 'string' };
	const { wanted, pattern } = ROUTE_RULES[key];
	return { description: `Wanted: ${wanted}.`, type: 'string', pattern: pattern.source };
}
