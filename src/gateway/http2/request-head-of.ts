import { requestFieldRole } from '../../contract/headers.ts';
import { LIMITS } from '../../contract/limits.ts';
import { ProtocolFault } from '../../http1/protocol-fault.ts';
import { parseRequestHead, type RequestHead } from '../../http1/request-head.ts';
import { REQUEST_LIMITS } from '../request-limits.ts';

/** The head of a request, judged as one of HTTP/1.1 that says the same. `text` is null where it is too large. Throws a ProtocolFault. */
export function requestHeadOf(text: string | null): RequestHead {
	if (text === null) {
		throw new ProtocolFault('head-too-large', `the header is larger than ${LIMITS.headBytesMax} bytes`);
	}
	return { ...parseRequestHead(text, REQUEST_LIMITS, requestFieldRole), protocol: 'HTTP/2.0' };
}
