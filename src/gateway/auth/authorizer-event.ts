/**
 * What the function of a custom authorizer is called with. On the platform it is an event function and gets `headers`,
 * `queryStringParameters` and `user_data` (documented). Here it is an HTTP function: it gets that event as the JSON body of a
 * POST to `/`, and the identities once more where an HTTP function looks for them (ours).
 */
import { Buffer } from 'node:buffer';
import { apigRequestId } from '../../contract/request-id.ts';
import type { GuardedRequest } from '../guard.ts';
import type { Identity } from './authorizer-identities.ts';

export interface AuthorizedApi {
	/** 32 hexadecimal digits. */
	readonly id: string;
	/** The environment it was published in. */
	readonly stage: string;
}

/** Of the call that has to be made, and of what it says already. */
const NOT_AGAIN: ReadonlySet<string> = new Set([
	'host',
	'content-type',
	'content-length',
	'content-encoding',
]);

/** JSON text: an APIG event. */
export function authorizerEvent(
	identities: readonly Identity[],
	userData: string,
	api: AuthorizedApi,
	request: GuardedRequest,
): string {
	const { method, target, address } = request;
	const headers = named(identities, 'HEADER');
	const queryStringParameters = named(identities, 'QUERY');
	const mark = target.indexOf('?');
	const requestContext = {
		apiId: api.id,
		requestId: apigRequestId(request.requestId),
		stage: api.stage,
		sourceIp: address,
	};
	const judged = {
		headers,
		queryStringParameters,
		user_data: userData,
		httpMethod: method,
		path: mark === -1 ? target : target.slice(0, mark),
		requestContext,
	};
	const sent = Object.entries(headers).filter(([name]) => !NOT_AGAIN.has(name));
	return JSON.stringify({
		httpMethod: 'POST',
		path: '/',
		pathParameters: {},
		headers: { ...Object.fromEntries(sent), 'content-type': 'application/json' },
		queryStringParameters,
		requestContext,
		isBase64Encoded: true,
		body: Buffer.from(JSON.stringify(judged), 'utf8').toString('base64'),
	});
}

/** Names of header fields in lower case, as events have them. */
function named(identities: readonly Identity[], location: Identity['location']): Record<string, string> {
	const found = identities.filter((identity) => identity.location === location);
	return Object.fromEntries(
		found.map(({ name, value }) => [location === 'HEADER' ? name.toLowerCase() : name, value]),
	);
}
