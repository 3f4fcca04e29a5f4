/**
 * From what a client sends to a configuration that can be kept. All mistakes are told at once, under the platform's code of the
 * first: it has one for most fields.
 */
import type { FunctionConfig, JsonObject, JsonValue } from '../../catalog/function-config.ts';
import type { Sealer } from '../../catalog/sealer.ts';
import { checkEnvironment } from '../../contract/environment.ts';
import { type ErrorCode, RuntimeError } from '../../contract/errors.ts';
import { LIMITS } from '../../contract/limits.ts';
import { type ConfigBody, KEPT_FIELDS } from './function-schemas.ts';
import { unmaskVariables } from './masked-variables.ts';

export const CONFIG_DEFAULTS: FunctionConfig = {
	runtime: 'http',
	handler: 'bootstrap',
	memory_size: LIMITS.memoryMbDefault,
	timeout: LIMITS.timeoutSecondsDefault,
	initializer_handler: '',
	initializer_timeout: LIMITS.initTimeoutSecondsDefault,
	description: '',
	user_data: '',
	encrypted_user_data: '',
	strategy_config: {
		concurrency: LIMITS.instancesDefault,
		concurrent_num: LIMITS.requestsPerInstanceDefault,
	},
	is_return_stream: false,
	enable_auth_in_header: false,
	ephemeral_storage: LIMITS.tmpSizesMb[0],
	xrole: '',
	app_xrole: '',
	disable_public_network: false,
	kept: {},
};

/** Characters of a description and of a handler (documented). */
const DESCRIPTION_CHARS_MAX = 512;
const HANDLER_CHARS_MAX = 128;
/** Characters of what is only kept (ours). */
const KEPT_CHARS_MAX = 16_384;

type Mistake = readonly [ErrorCode, string];

/** What `body` does not name, or names as null, stays as it was. */
export function judgeConfig(before: FunctionConfig, body: ConfigBody, sealer: Sealer): FunctionConfig {
	const mistakes: Mistake[] = [];
	const secretsBefore = before.encrypted_user_data === '' ? '' : sealer.open(before.encrypted_user_data);
	const secrets = judgeVariables(
		'encrypted_user_data',
		body.encrypted_user_data ?? null,
		mistakes,
		secretsBefore,
	);
	const config: FunctionConfig = {
		runtime: judgeRuntime(body.runtime ?? before.runtime, mistakes),
		handler: body.handler ?? before.handler,
		memory_size: body.memory_size ?? before.memory_size,
		timeout: body.timeout ?? before.timeout,
		initializer_handler: body.initializer_handler ?? before.initializer_handler,
		initializer_timeout: body.initializer_timeout ?? before.initializer_timeout,
		description: body.description ?? before.description,
		user_data: judgeVariables('user_data', body.user_data ?? null, mistakes, before.user_data),
		// The same secrets stay the same text: sealing them anew would look like a change.
		encrypted_user_data:
			secrets === secretsBefore ? before.encrypted_user_data : secrets === '' ? '' : sealer.seal(secrets),
		strategy_config: {
			concurrency: body.strategy_config?.concurrency ?? before.strategy_config.concurrency,
			concurrent_num: body.strategy_config?.concurrent_num ?? before.strategy_config.concurrent_num,
		},
		is_return_stream: body.is_return_stream ?? before.is_return_stream,
		enable_auth_in_header: body.enable_auth_in_header ?? before.enable_auth_in_header,
		ephemeral_storage: body.ephemeral_storage ?? before.ephemeral_storage,
		xrole: body.xrole ?? before.xrole,
		app_xrole: body.app_xrole ?? before.app_xrole,
		disable_public_network: body.network_controller?.disable_public_network ?? before.disable_public_network,
		kept: keptOf(before.kept, body),
	};
	mistakes.push(...judgeNumbers(config), ...judgeTexts(config, secrets));
	const [first] = mistakes;
	if (first === undefined) return config;
	throw new RuntimeError(first[0], mistakes.map(([, message]) => message).join('; '));
}

function judgeRuntime(runtime: string, mistakes: Mistake[]): FunctionConfig['runtime'] {
	if (runtime === 'http' || runtime === 'Custom') return runtime;
	const why = 'other runtimes are for event functions, or for images';
	mistakes.push(['ERR_RUNTIME_INVALID', `runtime: found ${shown(runtime)}, wanted http or Custom: ${why}`]);
	return 'http';
}

function judgeNumbers(config: FunctionConfig): Mistake[] {
	const mistakes: Mistake[] = [];
	const within = (code: ErrorCode, name: string, value: number, min: number, max: number) => {
		if (Number.isInteger(value) && value >= min && value <= max) return;
		mistakes.push([code, `${name}: found ${value}, wanted a whole number from ${min} to ${max}`]);
	};
	const oneOf = (code: ErrorCode, name: string, value: number, values: readonly number[]) => {
		if (!values.includes(value))
			mistakes.push([code, `${name}: found ${value}, wanted one of ${values.join(', ')}`]);
	};
	const { concurrency, concurrent_num } = config.strategy_config;
	const timeoutMax = config.is_return_stream ? LIMITS.streamTimeoutSecondsMax : LIMITS.timeoutSecondsMax;
	oneOf('ERR_MEMORY_SIZE_INVALID', 'memory_size', config.memory_size, LIMITS.memorySizesMb);
	within('ERR_TIMEOUT_INVALID', 'timeout', config.timeout, LIMITS.timeoutSecondsMin, timeoutMax);
	within(
		'ERR_INIT_TIMEOUT_INVALID',
		'initializer_timeout',
		config.initializer_timeout,
		LIMITS.initTimeoutSecondsMin,
		LIMITS.initTimeoutSecondsMax,
	);
	oneOf('ERR_BODY_INVALID', 'ephemeral_storage', config.ephemeral_storage, LIMITS.tmpSizesMb);
	within('ERR_CONCURRENCY_INVALID', 'strategy_config.concurrency', concurrency, -1, LIMITS.instancesMax);
	within(
		'ERR_CONCURRENCY_INVALID',
		'strategy_config.concurrent_num',
		concurrent_num,
		1,
		LIMITS.requestsPerInstanceMax,
	);
	return mistakes;
}

function judgeTexts(config: FunctionConfig, secrets: string): Mistake[] {
	const mistakes: Mistake[] = [];
	const short = (code: ErrorCode, name: string, text: string, max: number) => {
		if (text.length > max)
			mistakes.push([code, `${name}: found ${text.length} characters, wanted at most ${max}`]);
	};
	short('ERR_DESCRIPTION_INVALID', 'description', config.description, DESCRIPTION_CHARS_MAX);
	short('ERR_HANDLER_INVALID', 'handler', config.handler, HANDLER_CHARS_MAX);
	short('ERR_HANDLER_INVALID', 'initializer_handler', config.initializer_handler, HANDLER_CHARS_MAX);
	short('ERR_BODY_INVALID', 'fields that are only kept', JSON.stringify(config.kept), KEPT_CHARS_MAX);
	const together = { ...variablesOf(config.user_data), ...variablesOf(secrets) };
	for (const problem of checkEnvironment(together)) mistakes.push(['ERR_USER_DATA_INVALID', problem]);
	return mistakes;
}

/** A JSON object of strings, as text. Null: as before. */
function judgeVariables(name: string, given: string | null, mistakes: Mistake[], before: string): string {
	if (given === null) return before;
	if (given === '') return '';
	try {
		const value: unknown = JSON.parse(given);
		const texts = typeof value === 'object' && value !== null && !Array.isArray(value);
		if (texts && Object.values(value).every((each) => typeof each === 'string')) {
			return Object.keys(value).length === 0 ? '' : unmaskVariables(given, before);
		}
	} catch {
		// Said below, as for any other text that is no such object.
	}
	mistakes.push(['ERR_USER_DATA_INVALID', `${name}: wanted a JSON object of strings, as text`]);
	return before;
}

function variablesOf(text: string): Record<string, string> {
	return text === '' ? {} : (JSON.parse(text) as Record<string, string>);
}

function keptOf(before: JsonObject, body: ConfigBody): JsonObject {
	const given = body as Record<string, JsonValue | undefined>;
	const named = KEPT_FIELDS.filter((name) => given[name] !== undefined && given[name] !== null);
	return { ...before, ...Object.fromEntries(named.map((name) => [name, given[name] ?? null])) };
}

function shown(text: string): string {
	return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
