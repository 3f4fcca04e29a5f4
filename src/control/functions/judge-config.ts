/** From what a client sends to a configuration that can be kept. */
import type { FunctionConfig, JsonObject, JsonValue } from '../../catalog/function-config.ts';
import type { Sealer } from '../../catalog/sealer.ts';
import { checkEnvironmentSize, checkVariables } from '../../contract/environment.ts';
import type { ErrorCode } from '../../contract/errors.ts';
import { kindOf } from '../../contract/kind-of.ts';
import { LIMITS } from '../../contract/limits.ts';
import { judgeDescription } from '../models/judge-description.ts';
import type { Mistakes } from '../models/mistakes.ts';
import { type ConfigBody, keptFieldNames } from './function-schemas.ts';
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

/** Characters of a handler (documented). */
const HANDLER_CHARS_MAX = 128;
/** Characters of what is only kept (ours). */
const KEPT_CHARS_MAX = 16_384;

/**
 * What `body` does not name, or names as null, stays as it was. The answer is of use where no mistakes were added: each has the
 * platform's code for its field.
 */
export function judgeConfig(
	before: FunctionConfig,
	body: ConfigBody,
	sealer: Sealer,
	mistakes: Mistakes,
): FunctionConfig {
	const sealed = before.encrypted_user_data;
	const secretsBefore = sealed === '' ? '' : sealer.open(sealed);
	const given = judgeVariables('encrypted_user_data', body.encrypted_user_data, mistakes) ?? secretsBefore;
	const secrets = unmaskVariables(given, secretsBefore);
	const config: FunctionConfig = {
		runtime: judgeRuntime(body.runtime ?? before.runtime, mistakes),
		handler: body.handler || before.handler,
		memory_size: body.memory_size ?? before.memory_size,
		timeout: body.timeout ?? before.timeout,
		initializer_handler: body.initializer_handler ?? before.initializer_handler,
		initializer_timeout: body.initializer_timeout ?? before.initializer_timeout,
		description: body.description ?? before.description,
		user_data: judgeVariables('user_data', body.user_data, mistakes) ?? before.user_data,
		// The same secrets stay the same text: sealing them anew would look like a change.
		encrypted_user_data: secrets === secretsBefore ? sealed : secrets === '' ? '' : sealer.seal(secrets),
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
	judgeNumbers(config, mistakes);
	judgeTexts(config, mistakes);
	judgeSize(config, secrets, mistakes);
	return config;
}

function judgeRuntime(runtime: string, mistakes: Mistakes): FunctionConfig['runtime'] {
	if (runtime === 'http' || runtime === 'Custom') return runtime;
	const why = 'other runtimes are for event functions, or for images';
	mistakes.add('ERR_RUNTIME_INVALID', `runtime: found ${kindOf(runtime)}, wanted http or Custom: ${why}`);
	return 'http';
}

function judgeNumbers(config: FunctionConfig, mistakes: Mistakes): void {
	const within = (code: ErrorCode, name: string, value: number, min: number, max: number) => {
		if (Number.isInteger(value) && value >= min && value <= max) return;
		mistakes.add(code, `${name}: found ${value}, wanted a whole number from ${min} to ${max}`);
	};
	const oneOf = (code: ErrorCode, name: string, value: number, values: readonly number[]) => {
		if (values.includes(value)) return;
		mistakes.add(code, `${name}: found ${value}, wanted one of ${values.join(', ')}`);
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
}

function judgeTexts(config: FunctionConfig, mistakes: Mistakes): void {
	judgeDescription(config.description, mistakes);
	for (const name of ['handler', 'initializer_handler'] as const) {
		const { length } = config[name];
		if (length <= HANDLER_CHARS_MAX) continue;
		const found = `${name}: found ${length} characters`;
		mistakes.add('ERR_HANDLER_INVALID', `${found}, wanted at most ${HANDLER_CHARS_MAX}`);
	}
	const chars = JSON.stringify(config.kept).length;
	if (chars <= KEPT_CHARS_MAX) return;
	const found = `fields that are only kept: found ${chars} characters of JSON`;
	mistakes.add('ERR_BODY_INVALID', `${found}, wanted at most ${KEPT_CHARS_MAX}`);
}

/** A JSON object of strings, as text, which stays as it was written. Null: none was given, or a wrong one. */
function judgeVariables(name: string, given: string | null | undefined, mistakes: Mistakes): string | null {
	if (given === null || given === undefined) return null;
	if (given === '') return '';
	try {
		const value: unknown = JSON.parse(given);
		const object = typeof value === 'object' && value !== null && !Array.isArray(value);
		if (object && Object.values(value).every((each) => typeof each === 'string')) {
			const variables = value as Record<string, string>;
			for (const problem of checkVariables(variables))
				mistakes.add('ERR_USER_DATA_INVALID', `${name}: ${problem}`);
			return Object.keys(variables).length === 0 ? '' : given;
		}
	} catch {
		// Said below, as for any other text that is no such object.
	}
	mistakes.add('ERR_USER_DATA_INVALID', `${name}: wanted a JSON object of strings, as text`);
	return null;
}

function judgeSize(config: FunctionConfig, secrets: string, mistakes: Mistakes): void {
	const together = { ...variablesOf(config.user_data), ...variablesOf(secrets) };
	for (const problem of checkEnvironmentSize(together)) {
		mistakes.add('ERR_USER_DATA_TOO_LARGE', `user_data and encrypted_user_data: ${problem}`);
	}
}

function variablesOf(text: string): Record<string, string> {
	return text === '' ? {} : (JSON.parse(text) as Record<string, string>);
}

function keptOf(before: JsonObject, body: ConfigBody): JsonObject {
	const given = body as Record<string, JsonValue | undefined>;
	const named = keptFieldNames().filter((name) => given[name] !== undefined && given[name] !== null);
	return { ...before, ...Object.fromEntries(named.map((name) => [name, given[name] ?? null])) };
}
