/**
 * The head of a Request of the Fetch API as the HTTP/1.1 head that says the same, so that one judge reads the heads of all requests.
 * Whoever made the Request has read its connection: fields that speak of that are left out.
 */
import { requestFieldRole } from '../../contract/headers.ts';
import { malformed } from '../../http1/protocol-fault.ts';
import { parseRequestHead, type RequestHead } from '../../http1/request-head.ts';
import { REQUEST_LIMITS } from '../request-limits.ts';

/** Framing, hops, and an expectation that has been met: the body is being read. Fetch knows no upgrade. */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
	'connection',
	'expect',
	'http2-settings',
	'keep-alive',
	'proxy-connection',
	'te',
	'trailer',
	'transfer-encoding',
	'upgrade',
]);
/** What would end a line. Headers let none of it through; what only looks like them might. */
const LINE_BREAKING = /[\0\r\n]/;

/** Throws a ProtocolFault; what `url` says is not absolute throws the engine's TypeError. */
export function fetchHead(request: Pick<Request, 'method' | 'url' | 'headers'>): RequestHead {
	const { pathname, search, host } = new URL(request.url);
	let lines = '';
	let authority = host;
	request.headers.forEach((value, name) => {
		const lowerName = name.toLowerCase();
		if (LINE_BREAKING.test(name) || LINE_BREAKING.test(value))
			throw malformed(`${lowerName} breaks its line`);
		if (lowerName === 'host') authority = value;
		else if (!OF_THE_CONNECTION.has(lowerName)) lines += `${lowerName}: ${value}\r\n`;
	});
	const text = `${request.method} ${pathname}${search} HTTP/1.1\r\nhost: ${authority}\r\n${lines}`;
	return parseRequestHead(text, REQUEST_LIMITS, requestFieldRole);
}
