/** What is sent to make an APIG trigger, field by field as the platform wants it. */
import { randomBytes } from 'node:crypto';
import { ConfigError, type Mistake, valueMistake } from '../../config/config-error.ts';
import type { CommandOption } from '../command.ts';
import { ownOption } from '../command-options.ts';

export interface TriggerWish {
	readonly path: string;
	readonly match: 'prefix' | 'exact';
	readonly method: string;
	readonly auth: string;
	/** Id of the authorizer that is asked; null: none is. */
	readonly authorizerId: string | null;
	/** Null: one that the server makes, or has, of that name; null too: the function's. */
	readonly groupId: string | null;
	readonly groupName: string | null;
	readonly functionUrn: string;
	/** `latest`, a version, or `!` and an alias. */
	readonly qualifier: string;
	/** Seconds that the function may take. */
	readonly timeoutSeconds: number;
	/** Of the server's API: what it is reached by, its triggers are taken to be. */
	readonly endpoint: string;
}

const METHODS = ['ANY', 'GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'];
const AUTHS = ['NONE', 'APP', 'IAM', 'AUTHORIZER'];
/** Milliseconds that a gateway waits at most (documented). */
const TIMEOUT_MS_MAX = 60_000;
const TRIGGER = 'Trigger';

export const TRIGGER_OPTIONS = {
	exact: ownOption('--exact', '', TRIGGER, 'Answer that path alone, and not what is below it.'),
	method: ownOption('--method', 'M', TRIGGER, 'Answer this method alone.', {
		fallbackText: 'ANY',
		choices: METHODS,
	}),
	auth: ownOption(
		'--auth',
		'KIND',
		TRIGGER,
		'Who may call: anybody, apps, users, or whom an authorizer lets in.',
		{
			fallbackText: 'NONE',
			choices: AUTHS,
		},
	),
	authorizer: ownOption(
		'--authorizer',
		'NAME',
		TRIGGER,
		'The authorizer that is asked: httpfn help authorizer add.',
	),
	group: ownOption('--group-id', 'ID', TRIGGER, 'API group that it belongs to, and with it the host name.', {
		fallbackText: 'one of its own, where the server makes one',
	}),
} satisfies Record<string, CommandOption>;

export function triggerBody(wish: TriggerWish): object {
	const {
		path,
		match,
		method,
		auth,
		authorizerId,
		groupId,
		groupName,
		functionUrn,
		qualifier,
		timeoutSeconds,
		endpoint,
	} = wish;
	const name = functionUrn.split(':').at(-1) ?? 'function';
	return {
		trigger_type_code: 'APIG',
		trigger_status: 'ACTIVE',
		event_data: {
			name: `API_${name.replaceAll('-', '_')}_${randomBytes(3).toString('hex')}`,
			...(groupId === null ? {} : { group_id: groupId }),
			...(groupName === null ? {} : { group_name: groupName }),
			env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID',
			env_name: 'RELEASE',
			auth,
			...(authorizerId === null ? {} : { authorizer_id: authorizerId }),
			protocol: endpoint.startsWith('https:') ? 'HTTPS' : 'HTTP',
			path,
			match_mode: match === 'prefix' ? 'SWA' : 'NORMAL',
			req_method: method,
			backend_type: 'FUNCTION',
			type: 1,
			func_info: {
				function_urn: `${functionUrn}:${qualifier}`,
				invocation_type: 'sync',
				timeout: Math.min(timeoutSeconds * 1000, TIMEOUT_MS_MAX),
				version: qualifier,
			},
		},
	};
}

/** Mistakes of a path; none: it can be asked for. */
export function judgeTriggerPath(source: string, path: string): Mistake[] {
	if (/^\/[!-~]*$/.test(path) && !/[?#]/.test(path)) return [];
	const wanted = 'wanted a path that begins with "/", without query, percent-encoded';
	return [valueMistake(source, `found ${JSON.stringify(path)}, ${wanted}`)];
}

/** Throws where there is a mistake. */
export function throwIfAny(mistakes: readonly Mistake[]): void {
	if (mistakes.length > 0) throw new ConfigError(mistakes);
}
