/** Settings of a folder in the names of the platform's API. */
import type { RunSettings } from '../../config/run-settings.ts';
import { FIELDS, type FieldKey } from '../../config/schema.ts';
import { LIMITS } from '../../contract/limits.ts';
import type { FunctionAnswer } from './answers.ts';

/** What a deployed function has of the settings that httpfn run knows. */
export const DEPLOYED_KEYS: readonly FieldKey[] = [
	'name',
	'package',
	'memory',
	'timeout',
	'initTimeout',
	'env',
	'envFile',
	'stream',
	'enableAuthInHeader',
	'concurrency',
	'concurrentNum',
	'tmp',
];

/** Of the function's settings, those that say where it runs: the server knows. */
const PLACE_KEYS: readonly FieldKey[] = ['version', 'region', 'projectId'];

/** Settings of the function that were given and that the platform's API can not say: they hold where it is run from its folder. */
export function undeployedKeys(given: ReadonlySet<FieldKey>): readonly FieldKey[] {
	const groups = ['Function', 'Scaling', 'Sandbox'];
	return [...given].filter(
		(key) => groups.includes(FIELDS[key].group) && !DEPLOYED_KEYS.includes(key) && !PLACE_KEYS.includes(key),
	);
}

/** Only what was given: what nobody said anything of stays as it is on the server, or is its default there. */
export function deployedConfig(
	settings: RunSettings,
	given: ReadonlySet<FieldKey>,
	before: FunctionAnswer | null,
): Record<string, unknown> {
	const { function: fn, scaling, sandbox } = settings;
	const config: Record<string, unknown> = {};
	if (given.has('memory')) config.memory_size = fn.memoryMb;
	if (given.has('timeout')) config.timeout = fn.timeoutSeconds;
	if (given.has('initTimeout')) config.initializer_timeout = fn.initTimeoutSeconds;
	if (given.has('env') || given.has('envFile')) config.user_data = JSON.stringify(fn.environment);
	if (given.has('stream')) config.is_return_stream = fn.streamResponse;
	if (given.has('enableAuthInHeader')) config.enable_auth_in_header = fn.credentials !== null;
	if (given.has('tmp')) config.ephemeral_storage = sandbox.tmpMb;
	if (given.has('concurrency') || given.has('concurrentNum')) {
		const was = before?.strategy_config;
		config.strategy_config = {
			concurrency: given.has('concurrency')
				? scaling.instancesMax
				: (was?.concurrency ?? LIMITS.instancesDefault),
			concurrent_num: given.has('concurrentNum')
				? scaling.requestsPerInstanceMax
				: (was?.concurrent_num ?? LIMITS.requestsPerInstanceDefault),
		};
	}
	return config;
}
