import type { RuntimeError } from '../contract/errors.ts';
import type { RequestHead } from '../http1/request-head.ts';
import type { AccessEntry } from '../telemetry/access-entry.ts';

/** What of a record the head of the request tells. */
export type RecordedHead = Pick<
	AccessEntry,
	'time' | 'client' | 'method' | 'target' | 'protocol' | 'host' | 'userAgent' | 'referer'
>;

const USER_AGENT = /^user-agent:[ \t]*([^\r]*)/im;
const REFERER = /^referer:[ \t]*([^\r]*)/im;
/** Characters of what a client may send at will. */
const SHOWN_CHARS_MAX = 1024;

/** `head` is null where the request could not be read. */
export function requestFields(head: RequestHead | null, address: string): RecordedHead {
	const lines = head?.fieldLines ?? '';
	return {
		time: new Date(),
		client: address,
		method: head?.method ?? '',
		target: head?.target.slice(0, SHOWN_CHARS_MAX) ?? '',
		protocol: head?.protocol ?? '',
		host: head?.host ?? '',
		userAgent: USER_AGENT.exec(lines)?.[1]?.slice(0, SHOWN_CHARS_MAX) ?? '',
		referer: REFERER.exec(lines)?.[1]?.slice(0, SHOWN_CHARS_MAX) ?? '',
	};
}

/** The record of a request that no function was asked for. */
export function refusedEntry(
	head: RequestHead | null,
	address: string,
	requestId: string,
	error: RuntimeError,
): AccessEntry {
	return {
		...requestFields(head, address),
		requestId,
		status: error.row.status,
		requestBytes: 0,
		responseBytes: 0,
		functionName: null,
		version: null,
		apiId: null,
		app: null,
		user: null,
		queueMs: 0,
		coldStartMs: 0,
		firstByteMs: null,
		totalMs: 0,
		error: error.code,
	};
}
