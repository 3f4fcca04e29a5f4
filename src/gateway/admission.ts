/** Who answers a request, judged by its head alone. */
import { RuntimeError } from '../contract/errors.ts';
import { LIMITS } from '../contract/limits.ts';
import type { RequestHead } from '../http1/request-head.ts';
import type { GatewayContext } from './gateway-context.ts';
import type { Passage } from './passage.ts';
import { bodyTooLarge, entityTooLarge } from './request-body.ts';

/** The function that answers a request which begins now, or why it is refused. */
export function admit(context: GatewayContext, head: RequestHead): Passage | RuntimeError {
	if (head.target === context.selfTarget)
		return new RuntimeError('ERR_ROUTE_NOT_FOUND', 'the gateway asks itself');
	if (context.draining)
		return new RuntimeError('ERR_DRAINING', 'httpfn is stopping and takes no new request');
	if (head.contentLength > LIMITS.gatewayBodyBytesMax) return entityTooLarge(head.contentLength);
	if (head.contentLength > LIMITS.requestBodyBytesMax) return bodyTooLarge(`${head.contentLength} bytes`);
	return route(context, head);
}

/** The function that answers a request which has begun: only its way may be missing. */
export function route(context: GatewayContext, head: RequestHead): Passage | RuntimeError {
	return context.router.find(head) ?? routeNotFound(head);
}

function routeNotFound(head: RequestHead): RuntimeError {
	const message = `no route leads to a function: host "${shortened(head.host)}", path "${pathOf(head)}", method ${head.method}`;
	return new RuntimeError('ERR_ROUTE_NOT_FOUND', message);
}

function pathOf(head: RequestHead): string {
	return shortened(head.target.split('?', 1)[0] ?? '');
}

/** Enough to recognize it: 32 KiB of it would come back in every answer. */
function shortened(text: string): string {
	return text.length > SHOWN_CHARS_MAX ? `${text.slice(0, SHOWN_CHARS_MAX)}…` : text;
}

const SHOWN_CHARS_MAX = 128;
