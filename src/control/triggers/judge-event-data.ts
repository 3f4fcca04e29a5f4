/**
 * From the event_data of a trigger to the requests that it answers. All mistakes are told at once.
 *
 * What a client leaves out gets the platform's default where there is one; `auth` has none, so that nothing is opened to
 * everybody by leaving something out.
 */
import { createHash } from 'node:crypto';
import { shortened } from '../../base/shortened.ts';
import type { JsonObject } from '../../catalog/function-config.ts';
import {
	type FunctionRecord,
	TRIGGER_AUTHS,
	type TriggerRecord,
	type TriggerType,
} from '../../catalog/records.ts';
import { RuntimeError } from '../../contract/errors.ts';
import type { EventDataBody } from './trigger-schemas.ts';

export type TriggerWay = Pick<
	TriggerRecord,
	'groupId' | 'path' | 'match' | 'method' | 'auth' | 'timeoutMs' | 'eventData'
>;

export interface TriggerPlace {
	readonly id: string;
	readonly type: TriggerType;
	readonly record: FunctionRecord;
	/** 32 hexadecimal digits that stay the same for the trigger. */
	readonly apiId: string;
	readonly region: string;
}

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS', 'ANY'] as const;
/** Milliseconds (documented). */
const TIMEOUT_MS_MAX = 60_000;
/** Characters (ours). */
const PATH_CHARS_MAX = 512;
const NAME_CHARS_MAX = 255;
/** Of all of event_data as JSON. */
const DATA_CHARS_MAX = 16_384;
/** What a path has as it is sent (RFC 3986). */
const PATH = /^\/[A-Za-z0-9\-._~!$&'()*+,;=:@%/]*$/;
/** Names of parameters: 1 to 32 letters, digits, hyphens and underscores (documented), a letter first (ours). */
const PARAMETER = /\/\{([A-Za-z][\w-]{0,31})\}(?=\/|$)/g;
const TAIL = /\+\}$/;
/** A group's id is the first label of its host name. */
const GROUP = /^[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?$/;

/** Throws ERR_TRIGGER_INVALID, ERR_ASYNC_UNSUPPORTED. */
export function judgeEventData(given: EventDataBody, place: TriggerPlace): TriggerWay {
	judgeWhole(given);
	const mistakes: string[] = [];
	const oneOf = <Value extends string>(
		name: keyof EventDataBody,
		values: readonly Value[],
		fallback?: Value,
	) => {
		const found = given[name] ?? fallback;
		const known = values.find((value) => value === found);
		if (known === undefined)
			mistakes.push(`${name}: found ${shown(found)}, wanted one of ${values.join(', ')}`);
		return known;
	};
	const auth = oneOf('auth', TRIGGER_AUTHS) ?? 'IAM';
	if (auth === 'AUTHORIZER' && (given.authorizer_id ?? '') === '')
		mistakes.push('authorizer_id: found nothing, wanted the id of an authorizer: auth is AUTHORIZER');
	const method = oneOf('req_method', METHODS, 'ANY');
	const match = oneOf('match_mode', ['SWA', 'NORMAL'], 'SWA');
	const protocol = oneOf('protocol', ['HTTP', 'HTTPS'], 'HTTPS');
	oneOf('backend_type', ['FUNCTION'], 'FUNCTION');
	if (given.type !== undefined && given.type !== 1 && given.type !== 2)
		mistakes.push(`type: found ${given.type}, wanted 1 (public) or 2 (private)`);
	const path = judgePath(given.path ?? `/${place.record.name}`, mistakes);
	const name = judgeName(given.name ?? `API_${place.record.name}`, mistakes);
	const group = judgeGroup(given, place.record, mistakes);
	const timeoutMs = judgeTimeout(given.func_info?.timeout, mistakes);
	if (mistakes.length > 0) {
		const all = mistakes.map((mistake) => `event_data.${mistake}`).join('; ');
		throw new RuntimeError('ERR_TRIGGER_INVALID', all);
	}
	// `invoke_url` depends on where the gateway listens now: it is told, never kept.
	const { invoke_url: _invokeUrl, ...kept } = given;
	const eventData = {
		type: 1,
		env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID',
		env_name: 'RELEASE',
		sl_domain: domain(group.id, place),
		...kept,
		name,
		path,
		protocol,
		auth,
		req_method: method,
		match_mode: match,
		backend_type: 'FUNCTION',
		group_id: group.id,
		group_name: group.name,
		func_info: { ...given.func_info, invocation_type: 'sync' },
		triggerid: place.id,
		api_id: place.apiId,
		api_name: name,
	} as JsonObject;
	return {
		groupId: group.id,
		path,
		match: match === 'NORMAL' ? 'exact' : 'prefix',
		method: method === undefined || method === 'ANY' ? null : method,
		auth,
		timeoutMs,
		eventData,
	};
}

/** What makes looking at the fields needless. */
function judgeWhole(given: EventDataBody): void {
	if (given.func_info?.invocation_type === 'async') {
		throw new RuntimeError(
			'ERR_ASYNC_UNSUPPORTED',
			'event_data.func_info.invocation_type: found "async", wanted "sync": HTTP functions are called synchronously only',
		);
	}
	const chars = JSON.stringify(given).length;
	if (chars > DATA_CHARS_MAX)
		throw new RuntimeError(
			'ERR_TRIGGER_INVALID',
			`event_data: found ${chars} characters, wanted at most ${DATA_CHARS_MAX}`,
		);
}

function judgePath(path: string, mistakes: string[]): string {
	// Braces stand for themselves nowhere: with the parameters out, what is left has to be a path as clients send it.
	const whole = path.replace(TAIL, '}');
	const names = [...whole.matchAll(PARAMETER)].map(([, name]) => name);
	const plain = whole.replaceAll(PARAMETER, '/x');
	if (!PATH.test(plain) || path.length > PATH_CHARS_MAX || new Set(names).size < names.length) {
		mistakes.push(
			`path: found ${shown(path)}, wanted a path of at most ${PATH_CHARS_MAX} characters that begins with "/", escaped, without query, with parameters as whole segments: /users/{id}, or /files/{rest+} at the end, each name once`,
		);
	}
	return path;
}

function judgeName(name: string, mistakes: string[]): string {
	if (name === '' || name.length > NAME_CHARS_MAX)
		mistakes.push(`name: found ${name.length} characters, wanted 1 to ${NAME_CHARS_MAX}`);
	return name;
}

/** A group is made where none is named: by its name one for the project, else one for the function. */
function judgeGroup(
	{ group_id: id, group_name: name }: EventDataBody,
	{ project, name: functionName, resourceId }: FunctionRecord,
	mistakes: string[],
): { readonly id: string; readonly name: string } {
	const known = name ?? `APIGroup_${functionName}`;
	if (id === undefined || id === '') {
		const made = name === undefined ? resourceId : hexName(`${project}\n${name}`);
		return { id: made, name: known };
	}
	if (!GROUP.test(id)) {
		mistakes.push(
			`group_id: found ${shown(id)}, wanted 1 to 63 small letters, digits, "-" or "_", since it becomes part of a host name`,
		);
	}
	return { id, name: known };
}

function judgeTimeout(timeout: number | undefined, mistakes: string[]): number | null {
	if (timeout === undefined) return null;
	if (!Number.isInteger(timeout) || timeout < 1 || timeout > TIMEOUT_MS_MAX)
		mistakes.push(
			`func_info.timeout: found ${timeout}, wanted whole milliseconds from 1 to ${TIMEOUT_MS_MAX}`,
		);
	return timeout;
}

/** As the platform names a group's host (documented). */
function domain(groupId: string, { type, region }: TriggerPlace): string {
	return `${groupId}.${type === 'APIC' ? 'apic' : 'apig'}.${region}.huaweicloudapis.com`;
}

function hexName(text: string): string {
	return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function shown(value: unknown): string {
	if (value === undefined) return 'nothing';
	return shortened(JSON.stringify(value), 80);
}
