import { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';

/** A lenient parser may let through what would end a line; a NUL in its place is refused. */
const LINE_BREAKING = /[\0\r\n]/g;

/**
 * The head of an upgrade as it came, for the codec that reads the heads of all requests. Whatever answers it is the last on its
 * connection: later requests on it are for the server that accepted it.
 */
export function upgradeHead({ method, url, rawHeaders }: IncomingMessage): Buffer {
	const part = (text: string | undefined) => (text ?? '').replace(LINE_BREAKING, '\0');
	let lines = `${part(method)} ${part(url)} HTTP/1.1\r\n`;
	for (let at = 0; at < rawHeaders.length; at += 2) {
		lines += `${part(rawHeaders[at])}: ${part(rawHeaders[at + 1])}\r\n`;
	}
	return Buffer.from(`${lines}Connection: close\r\n\r\n`, 'latin1');
}
