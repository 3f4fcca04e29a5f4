/** From a request whose head was read to whoever takes it: the function's exchange, or a call that is judged first. */
import type { RequestHead } from '../http1/request-head.ts';
import { type Api, asksSomething } from './api.ts';
import { ApiCall } from './api-call.ts';
import { asksForDebug } from './debug-mode.ts';
import { Exchange } from './exchange.ts';
import type { ExchangeClient, RequestTaker } from './exchange-client.ts';
import { forwardedRequest } from './forwarded-request.ts';
import type { GatewayContext } from './gateway-context.ts';
import type { IncomingRequest } from './incoming-request.ts';
import { RecordedRequest } from './recorded-request.ts';

/** Nothing is sent before its `start`. */
export function takeRequest(
	context: GatewayContext,
	request: IncomingRequest,
	client: ExchangeClient,
): RequestTaker {
	const { accessLog } = context;
	if (accessLog === null) return taken(context, request, client);
	return new RecordedRequest(accessLog, request, client, (taking) => taken(context, request, taking));
}

function taken({ held }: GatewayContext, request: IncomingRequest, client: ExchangeClient): RequestTaker {
	const { passage, head, bodyBytes, origin } = request;
	const { api } = passage;
	if (api !== null && isJudged(api, head)) return new ApiCall(request, api, held, client);
	return new Exchange(passage, held, forwardedRequest(head, bodyBytes, origin.lines), client);
}

/** Most calls are neither judged nor dressed: they take the short way. */
function isJudged(api: Api, head: RequestHead): boolean {
	return asksSomething(api) || asksForDebug(head);
}
