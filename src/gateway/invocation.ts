/**
 * One invocation: an APIG event in, the envelope out. Between the two it is the same exchange that serves HTTP
 * clients, with the same headers, limits and timeouts.
 *
 * The event is read twice: once to find its parts, which may come in any order, and once to stream its body.
 */

import { eventHead } from '../contract/event.ts';
import { EventScanner } from '../contract/event-scanner.ts';
import { connectionHeaderLines } from '../contract/headers.ts';
import { LIMITS } from '../contract/limits.ts';
import { giveBack } from '../engine/give-back.ts';
import { EnvelopeClient, type WriteEnvelope } from './envelope-client.ts';
import type { EventBody, ReadEvent } from './event-body.ts';
import { eventBody } from './event-body.ts';
import { Exchange } from './exchange.ts';
import type { FunctionTarget } from './function-target.ts';
import { HeldBytes } from './held-bytes.ts';

export interface Invocation {
	readonly readEvent: ReadEvent;
	readonly writeEnvelope: WriteEnvelope;
	/** A UUID; absent: a new one. */
	readonly requestId?: string;
	/** Aborts when nobody wants the envelope any more: the function's connection is closed, its place freed. */
	readonly signal?: AbortSignal;
}

/** `targetOf` answers by the header of the event who gets it. Resolves when the envelope is written; rejects with a RuntimeError, possibly after part of it. */
export async function invokeEvent(
	targetOf: (fieldLines: string) => FunctionTarget,
	invocation: Invocation,
): Promise<{ readonly statusCode: number }> {
	const scanner = new EventScanner();
	for await (const chunk of invocation.readEvent()) scanner.push(chunk);
	const { rest, body: span } = scanner.end();
	const head = eventHead(rest);
	const body = await eventBody(invocation.readEvent, span, head.bodyIsBase64);

	const length = body.bytes > 0 ? `Content-Length: ${body.bytes}\r\n` : '';
	const { signal, requestId } = invocation;
	const request = {
		...(requestId === undefined ? {} : { id: requestId }),
		method: head.method,
		target: head.target,
		host: /^host: *(.*)$/im.exec(head.fieldLines)?.[1]?.trim() ?? '',
		lines: head.fieldLines + length + ORIGIN_LINES,
		bodyBytes: body.bytes,
		upgrade: '',
	};
	const client = new EnvelopeClient(invocation.writeEnvelope, () => exchange.onClientDrain());
	const exchange: Exchange = new Exchange(
		targetOf(head.fieldLines),
		new HeldBytes(LIMITS.heldBytesMax),
		request,
		client,
	);
	const onAbort = (): void => {
		exchange.cancel();
		client.abandon();
	};
	signal?.addEventListener('abort', onAbort);
	try {
		signal?.throwIfAborted();
		exchange.start();
		const [statusCode] = await Promise.all([client.statusCode, sendBody(exchange, client, body)]);
		return { statusCode };
	} finally {
		signal?.removeEventListener('abort', onAbort);
	}
}

async function sendBody(exchange: Exchange, client: EnvelopeClient, body: EventBody): Promise<void> {
	try {
		for await (const slice of body.slices()) {
			exchange.requestBody(slice);
			await client.readyForBody();
			if (exchange.requestWritten) giveBack(slice);
		}
		exchange.requestEnd();
	} catch (error) {
		exchange.cancel();
		throw error;
	}
}

/** An invocation comes from no connection: its origin is this machine. */
const ORIGIN_LINES = connectionHeaderLines({ sourceIp: '127.0.0.1', listenPort: 80, protocol: 'http' });
