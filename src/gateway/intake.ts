/** From a request whose head was read to whoever takes it: the function's exchange, or a call that is judged first. */
import type { RequestHead } from '../http1/request-head.ts';
import type { Api } from './api.ts';
import { asksForDebug } from './api-answer.ts';
import { ApiCall } from './api-call.ts';
import { Exchange } from './exchange.ts';
import type { ExchangeClient, RequestTaker } from './exchange-client.ts';
import { forwardedRequest } from './forwarded-request.ts';
import type { GatewayContext } from './gateway-context.ts';
import type { Passage } from './passage.ts';
import { RecordedRequest } from './recorded-request.ts';
import type { RequestOrigin } from './request-origin.ts';

/** `bodyBytes` is the length of the body, or -1 where none came. Nothing is sent before its `start`. */
export function takeRequest(
	context: GatewayContext,
	passage: Passage,
	head: RequestHead,
	bodyBytes: number,
	origin: RequestOrigin,
	client: ExchangeClient,
): RequestTaker {
	const { accessLog: log } = context;
	if (log === null) return taken(context, passage, head, bodyBytes, origin, client);
	const take = (taking: ExchangeClient) => taken(context, passage, head, bodyBytes, origin, taking);
	return new RecordedRequest({ log, passage, head, bodyBytes, address: origin.address, client, take });
}

function taken(
	{ held: budget }: GatewayContext,
	passage: Passage,
	head: RequestHead,
	bodyBytes: number,
	origin: RequestOrigin,
	client: ExchangeClient,
): RequestTaker {
	const { api } = passage;
	if (api !== null && isJudged(api, head)) {
		return new ApiCall({ passage, api, head, bodyBytes, origin, budget, client });
	}
	return new Exchange(passage, budget, forwardedRequest(head, bodyBytes, origin.lines), client);
}

/** Most calls are neither judged nor dressed: they take the short way. */
function isJudged(api: Api, head: RequestHead): boolean {
	return (
		api.guard !== null ||
		api.throttle !== null ||
		api.addresses !== null ||
		api.cors !== null ||
		api.family !== 'APIG' ||
		asksForDebug(head)
	);
}
