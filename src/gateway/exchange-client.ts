/** The two ends that an exchange joins: what is asked, and who asked. */
import type { ErrorFamily } from '../contract/error-body.ts';
import type { RuntimeError } from '../contract/errors.ts';
import { requestHeaderLines } from '../contract/headers.ts';
import type { Connection, ConnectionHandler } from '../engine/connection.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import type { FunctionTarget } from './function-target.ts';
import type { Admitted } from './guard.ts';

/** How an error is told to who called an API. */
export interface ErrorStyle {
	readonly family: ErrorFamily;
	/** Response lines, each with CRLF. */
	readonly lines: string;
	/** A page for a person, not JSON. */
	readonly page?: boolean;
}

/** A request as it goes to the function. */
export interface ForwardedRequest {
	/** A UUID; absent: it gets a new one. */
	readonly id?: string;
	readonly method: string;
	/** Path and query, Latin-1 text. */
	readonly target: string;
	/** The authority the client asked for. */
	readonly host: string;
	/** Field lines, each with CRLF: the client's own, the framing, the connection's X-Forwarded lines. */
	readonly lines: string;
	/** Bytes of the body; 0 or -1 where there is none. */
	readonly bodyBytes: number;
	/** The protocol to upgrade to, or empty. */
	readonly upgrade: string;
}

/** Who gets the response. Before `head` or `streamHead` a failure is answered; after it the answer is cut visibly. */
export interface ExchangeClient {
	/** The request has a place. */
	placed?(place: PlaceFound): void;
	/** True: stop handing over the request's body; false: go on. */
	holdRequest(hold: boolean): void;
	/** Answers as `body` does. */
	interim(head: ResponseHead): boolean;
	/** `bodyBytes` is the exact length, or -1 where the response has no body and tells none. */
	head(requestId: string, head: ResponseHead, bodyBytes: number): void;
	/** A body whose length nobody knows yet. */
	streamHead(requestId: string, head: ResponseHead): void;
	/** False: wait for onClientDrain before sending more. */
	body(slice: Buffer): boolean;
	/** Sends what was gathered of head and body. */
	flush(): void;
	end(): void;
	fail(requestId: string, error: RuntimeError, style?: ErrorStyle): void;
	/**
	 * Switches to a tunnel: answers the handler for the upstream's bytes. `onEnded` is called once when either side
	 * has closed.
	 */
	tunnel(requestId: string, head: ResponseHead, upstream: Connection, onEnded: () => void): ConnectionHandler;
	/** The tunnel is over, by timeout or cancel: both sides close. */
	endTunnel(): void;
}

/** What it took to get a place on an instance, in milliseconds. */
export interface PlaceFound {
	readonly waitedMs: number;
	/** Of these: until an instance that was started meanwhile listened. */
	readonly coldStartMs: number;
}

/** Who takes a request from the one that reads it. */
export interface RequestTaker {
	readonly id: string;
	/** Who it is for. */
	readonly target: FunctionTarget;
	/** Who was let in, as far as it is known: the app's id, the user's name. */
	readonly caller: Pick<Admitted, 'app' | 'user'>;
	/** Sends the request on with the body bytes that are there. Twice is harmless. */
	start(): void;
	/** Bytes of the request's body. */
	requestBody(slice: Buffer): void;
	/** All of the request's body has been handed over. */
	requestEnd(): void;
	/** The client reads again. */
	onClientDrain(): void;
	/** The client is gone, or, with an error, its request can not be read further: that is what it is told. */
	cancel(error?: RuntimeError): void;
}

/** What the function gets to see of a request, but for its body. Latin-1 text. */
export function requestHeadText(request: ForwardedRequest, functionLines: string, requestId: string): string {
	const { method, target, lines, host } = request;
	return `${method} ${target} HTTP/1.1\r\n${lines}${functionLines}${requestHeaderLines(requestId, host)}\r\n`;
}
