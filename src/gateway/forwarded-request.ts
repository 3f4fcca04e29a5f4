/** A client's request as it goes to the function: the client's own field lines, then framing, then the gateway's. */
import type { RequestHead } from '../http1/request-head.ts';
import type { ForwardedRequest } from './exchange-client.ts';

/** The only protocol a request may switch to: others (h2c) would carry requests past the gateway. */
const TUNNEL_PROTOCOL = 'websocket';

/** `bodyBytes` is the length of the body, or -1 where none came. */
export function forwardedRequest(
	head: RequestHead,
	bodyBytes: number,
	connectionLines: string,
): ForwardedRequest {
	const upgrade = head.upgrade === TUNNEL_PROTOCOL && bodyBytes <= 0 ? TUNNEL_PROTOCOL : '';
	let lines = head.kept;
	if (!head.hostKept) lines += `Host: ${head.host}\r\n`;
	if (bodyBytes >= 0) lines += `Content-Length: ${bodyBytes}\r\n`;
	if (upgrade !== '') lines += `Connection: Upgrade\r\nUpgrade: ${upgrade}\r\n`;
	return {
		method: head.method,
		target: head.target,
		host: head.host,
		lines: lines + connectionLines,
		bodyBytes,
		upgrade,
	};
}
