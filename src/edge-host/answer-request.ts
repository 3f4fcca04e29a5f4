/** From a request on the wire to the author's handler and back. */
import type { Background } from './background.ts';
import { errorStack } from './background.ts';
import type { Handler } from './find-handler.ts';

export interface AnswerOptions {
	readonly handler: Handler;
	/** Given to the handler as `env`. */
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly background: Background;
	/** A line for the function's log. */
	complain(text: string): void;
}

/** What a handler finds as its third argument. */
interface HandlerContext {
	waitUntil(promise: unknown): void;
	/** There is no origin to pass through to: an exception is answered with 500, as everywhere. */
	passThroughOnException(): void;
	readonly props: Readonly<Record<string, never>>;
}

/** Never rejects: what the handler throws is logged and answered with 500. */
export function answerRequests(options: AnswerOptions): (request: Request) => Promise<Response> {
	const { handler, env, background, complain } = options;
	const failed = (text: string): Response => {
		complain(text);
		return new Response('Internal Server Error\n', { status: 500 });
	};
	return async (request) => {
		const work = background.open();
		const context: HandlerContext = {
			waitUntil: (promise) => work.add(promise),
			passThroughOnException() {},
			props: {},
		};
		try {
			const answer = await handler(asTheClientSaw(request), env, context);
			if (isResponse(answer)) return answer;
			return failed(`the handler answered ${shown(answer)}, wanted a Response`);
		} catch (error) {
			return failed(errorStack(error));
		} finally {
			work.answered();
		}
	};
}

/** The gateway tells the client's scheme and host; what reaches the function itself is plain HTTP. */
function asTheClientSaw(request: Request): Request {
	const { url, headers } = request;
	const scheme = headers.get('x-forwarded-proto');
	const host = headers.get('x-forwarded-host') ?? headers.get('host');
	if (scheme === null || host === null || url.startsWith(`${scheme}://${host}/`)) return request;
	const seen = `${scheme}://${host}${url.slice(url.indexOf('/', url.indexOf('://') + 3))}`;
	return URL.canParse(seen) ? new Request(seen, request) : request;
}

/** One of another realm, or of a library of its own, is one too. */
function isResponse(value: unknown): value is Response {
	if (value instanceof Response) return true;
	const { status, headers, arrayBuffer } = (value ?? {}) as Partial<Response>;
	return (
		typeof status === 'number' && typeof headers?.get === 'function' && typeof arrayBuffer === 'function'
	);
}

function shown(value: unknown): string {
	return typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : String(value);
}
