/** What a load asks for, and what a right answer to it is. */
import { Buffer } from 'node:buffer';
import type { Answered, LoadTarget } from './load-connection.ts';

export interface LoadRequest {
	readonly target: LoadTarget;
	readonly bytes: Buffer;
	/** Of a right answer; null: any length will do. */
	readonly answerBytes: number | null;
	/** Each request has a connection of its own, which the server closes. */
	readonly fresh: boolean;
}

/** A GET on a connection that stays open, or on one that is only for it. `host` where it is not the server's own. */
export function getRequest(
	url: URL,
	path: string,
	answerBytes: number | null,
	fresh: boolean,
	host = url.host,
): LoadRequest {
	const lines = [`GET ${path} HTTP/1.1`, `Host: ${host}`, ...(fresh ? ['Connection: close'] : []), '', ''];
	return { target: targetOf(url), bytes: Buffer.from(lines.join('\r\n'), 'latin1'), answerBytes, fresh };
}

export function postRequest(
	url: URL,
	path: string,
	body: string,
	fields: readonly string[],
	fresh: boolean,
): LoadRequest {
	const content = Buffer.from(body, 'utf8');
	const lines = [
		`POST ${path} HTTP/1.1`,
		`Host: ${url.host}`,
		'Content-Type: application/json',
		`Content-Length: ${content.length}`,
		...(fresh ? ['Connection: close'] : []),
		...fields,
	];
	const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
	return { target: targetOf(url), bytes: Buffer.concat([head, content]), answerBytes: null, fresh };
}

/** Null where it is right. */
export function faultOf(answered: Answered, { answerBytes }: LoadRequest): string | null {
	if (!answered.ok) return answered.why;
	if (answered.status !== 200) return `answered ${answered.status} ${answered.code}`.trim();
	if (answerBytes !== null && answered.bodyBytes !== answerBytes)
		return `answered ${answered.bodyBytes} bytes, not ${answerBytes}`;
	return null;
}

export function targetOf(url: URL): LoadTarget {
	return { host: url.hostname, port: Number(url.port) };
}
