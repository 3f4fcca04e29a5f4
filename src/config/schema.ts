/** Every setting of `httpfn run`, `check`, `invoke` and `serve`. The keys are the keys of the config file. */
import * as z from 'zod/mini';
import { checkFunctionName, checkUrnPart, checkVersion } from '../contract/function-name.ts';
import { LIMITS } from '../contract/limits.ts';
import { ACCESS_LOG_FIELDS } from './access-log-fields.ts';
import { CONTROL_FIELDS } from './control-fields.ts';
import type { Field } from './field.ts';
import { common, flag, number, secret, text } from './field-makers.ts';
import { NETWORK_FIELDS } from './network-fields.ts';
import { OVERLOAD_FIELDS } from './overload-fields.ts';
import { PROCESS_FIELDS } from './process-fields.ts';
import { SANDBOX_FIELDS } from './sandbox-fields.ts';
import { SCALING_FIELDS } from './scaling-fields.ts';
import { TLS_FIELDS } from './tls-fields.ts';
import { WORKER_FIELDS } from './worker-fields.ts';

const {
	initTimeoutSecondsMax,
	initTimeoutSecondsMin,
	memorySizesMb,
	streamTimeoutSecondsMax,
	timeoutSecondsMax,
	timeoutSecondsMin,
} = LIMITS;

const seconds = (min: number, max: number) => z.int().check(z.gte(min), z.lte(max));
const judged = (check: (value: string) => readonly string[]) =>
	z.string().check(z.refine((value) => check(value).length === 0));
const urnPart = (name: string) => judged((value) => checkUrnPart(name, value));
const URN_PART_WANTED = 'printable ASCII characters without space or ":"';

export const FIELDS = {
	name: text('Function', 'name', 'NAME', () => z.optional(judged(checkFunctionName)), undefined, {
		fallbackText: 'the name of the folder',
		wanted: `1 to ${LIMITS.nameCharsMax} letters, digits, "_" or "-", beginning with a letter and ending with a letter or digit`,
		sentence: 'Name of the function, as X-CFF-Func-Name and RUNTIME_FUNC_NAME give it.',
		example: 'hello',
	}),
	package: text('Function', 'package', 'NAME', () => urnPart('package'), 'default', {
		wanted: URN_PART_WANTED,
		sentence: 'Application that the function belongs to.',
		example: 'default',
	}),
	version: text('Function', 'version', 'VERSION', () => judged(checkVersion), 'latest', {
		wanted: 'letters, digits, "_", "-" or ".", beginning and ending with a letter or digit',
		sentence: 'Version of the function.',
		example: 'v2',
	}),
	region: text('Function', 'region', 'REGION', () => urnPart('region'), 'cn', {
		wanted: URN_PART_WANTED,
		sentence: 'Region that the function believes to run in.',
		example: 'cn-north-4',
	}),
	projectId: text('Function', 'project-id', 'ID', () => urnPart('projectId'), 'sn', {
		wanted: URN_PART_WANTED,
		sentence: 'Project that the function belongs to.',
		example: '05e1aaa0b280f5a12f8cc01e8c5a2b8e',
	}),
	memory: number('Function', 'memory', 'MB', () => z.literal(memorySizesMb), LIMITS.memoryMbDefault, {
		wanted: `one of ${memorySizesMb.join(', ')}`,
		sentence: 'Memory of an instance in megabytes: what X-CFF-Memory and RUNTIME_MEMORY say.',
		example: '512',
	}),
	timeout: number(
		'Function',
		'timeout',
		'S',
		() => seconds(timeoutSecondsMin, timeoutSecondsMax),
		LIMITS.timeoutSecondsDefault,
		{
			wanted: `whole seconds from ${timeoutSecondsMin} to ${timeoutSecondsMax}`,
			sentence: `Seconds one request may take; with stream at most ${streamTimeoutSecondsMax}.`,
			example: '30',
		},
	),
	initTimeout: number(
		'Function',
		'init-timeout',
		'S',
		() => seconds(initTimeoutSecondsMin, initTimeoutSecondsMax),
		LIMITS.initTimeoutSecondsDefault,
		{
			wanted: `whole seconds from ${initTimeoutSecondsMin} to ${initTimeoutSecondsMax}`,
			sentence: 'Seconds the bootstrap may take until it listens on port 8000.',
			example: '20',
		},
	),
	env: {
		...common('Function', 'env', 'K=V'),
		type: () => z.record(z.string(), z.string()),
		kind: 'entries',
		fallback: {},
		fallbackText: 'none',
		wanted: 'K=V on a command line, an object of strings in JSON',
		sentence: 'Variable of the function. Repeat --env for more; HTTPFN_ENV holds a JSON object.',
		example: 'GREETING=hello',
		secret: false,
	},
	envFile: text('Function', 'env-file', 'F', () => z.optional(z.string().check(z.minLength(1))), undefined, {
		fallbackText: 'none',
		wanted: 'the path of a file of K=V lines',
		sentence: 'File of K=V lines: more variables of the function. --env wins over it.',
		example: '.env',
	}),
	stream: flag('Function', 'stream', 'Responses flow at once, up to 200 MB (is_return_stream).'),
	strictEnvelope: flag(
		'Function',
		'strict-envelope',
		'Refuse a response whose Base64 envelope would pass 6 MiB, about 4.5 MiB of body.',
	),
	enableAuthInHeader: flag(
		'Function',
		'enable-auth-in-header',
		'Send the credentials as X-CFF headers (enable_auth_in_header).',
	),
	isolation: text('Instance', 'isolation', 'KIND', () => z.enum(['auto', 'namespace', 'direct']), 'auto', {
		wanted: 'auto, namespace or direct',
		sentence:
			'How an instance gets its own 127.0.0.1:8000. namespace: a place of its own. direct: it takes the one of this host. auto: namespace where it can be had.',
		example: 'direct',
	}),
	eager: flag('Instance', 'eager', 'Start the function at once, not with the first request.'),
	...SCALING_FIELDS,
	...SANDBOX_FIELDS,
	...NETWORK_FIELDS,
	...TLS_FIELDS,
	...WORKER_FIELDS,
	...OVERLOAD_FIELDS,
	...PROCESS_FIELDS,
	...CONTROL_FIELDS,
	logFormat: text('Log', 'log-format', 'FORMAT', () => z.enum(['auto', 'text', 'json']), 'auto', {
		wanted: 'auto, text or json',
		sentence: 'Form of the log on stderr. auto: text on a terminal, else one JSON object a line.',
		example: 'json',
	}),
	logLevel: text('Log', 'log-level', 'LEVEL', () => z.enum(['debug', 'info', 'warn', 'error']), 'info', {
		wanted: 'debug, info, warn or error',
		sentence: "Least level that httpfn's own records need. The function's output is always kept.",
		example: 'warn',
	}),
	...ACCESS_LOG_FIELDS,
	accessKey: secret('access-key', 'X-CFF-Access-Key'),
	secretKey: secret('secret-key', 'X-CFF-Secret-Key'),
	securityAccessKey: secret('security-access-key', 'X-CFF-Security-Access-Key'),
	securitySecretKey: secret('security-secret-key', 'X-CFF-Security-Secret-Key'),
	securityToken: secret('security-token', 'X-CFF-Security-Token'),
	authToken: secret('auth-token', 'X-CFF-Auth-Token'),
} as const satisfies Record<string, Field>;

export type FieldKey = keyof typeof FIELDS;

export const FIELD_KEYS = Object.keys(FIELDS) as FieldKey[];

/** Those of one function: all but what only `serve` has. */
export const RUN_KEYS = FIELD_KEYS.filter((key) => FIELDS[key].group !== 'Control');

type TypeOf<Key extends FieldKey> = ReturnType<(typeof FIELDS)[Key]['type']>;
export type SettingValues = { readonly [Key in FieldKey]: z.output<TypeOf<Key>> };

/** The whole of it as one schema of a config file. */
export function settingsSchema(): z.ZodMiniObject<{ [Key in FieldKey]: TypeOf<Key> }, z.core.$strict> {
	const types = FIELD_KEYS.map((key) => [key, FIELDS[key].type()]);
	return z.strictObject(Object.fromEntries(types) as { [Key in FieldKey]: TypeOf<Key> });
}
