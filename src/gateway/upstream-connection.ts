/**
 * One connection to the function, used by one exchange after another.
 *
 *     connecting → idle ⇄ busy → (tunnel) → closed
 *
 * It reads response heads and finds where bodies end; what they mean is the exchange's business. Whatever a function
 * sends while no exchange is on the connection ends the connection: it would be taken for the next answer.
 */
import { Deadline } from '../base/deadline.ts';
import { isReservedResponseHeader } from '../contract/headers.ts';
import { LIMITS } from '../contract/limits.ts';
import type { Connection, ConnectionHandler } from '../engine/connection.ts';
import type { BodyReader } from '../http1/body-reader.ts';
import { ChunkedBody, CloseDelimitedBody, SizedBody } from '../http1/body-reader.ts';
import { HeadBuffer } from '../http1/head-buffer.ts';
import { malformed, ProtocolFault } from '../http1/protocol-fault.ts';
import type { ResponseHead } from '../http1/response-head.ts';
import { isBodiless, parseResponseHead } from '../http1/response-head.ts';

/** Who gets the response. Calls come in this order: interim*, head, body*, then exactly one of end and lost. */
export interface UpstreamUser {
	readonly method: string;
	onInterim(head: ResponseHead): void;
	onHead(head: ResponseHead): void;
	onBody(slice: Buffer): void;
	/** The response is whole. */
	onResponseEnd(): void;
	/** All bytes of one read have been handed over: the moment to send what was gathered. */
	onReadEnd(): void;
	/** The connection is gone before the response was whole; `fault` where the function broke the protocol. */
	onLost(fault: ProtocolFault | null): void;
	/** Writing may go on. */
	onUpstreamDrain(): void;
}

/** Whoever keeps the connections of a function. */
export interface UpstreamOwner {
	/** An idle connection is gone. */
	onIdleLoss(upstream: UpstreamConnection): void;
	/** A new connection has waited for its first byte for as long as `firstByte` was set to. */
	onNoFirstByte(upstream: UpstreamConnection): void;
	/** The first byte has come, or the connection is gone. */
	onFirstByte(upstream: UpstreamConnection): void;
}

const MORE_THAN_RESPONSE = 'the function sent more than its response';
const HEAD_LIMITS = { lineBytesMax: LIMITS.headBytesMax, countMax: LIMITS.headerCountMax };

export class UpstreamConnection implements ConnectionHandler {
	readonly connection: Connection;
	/** True once the connection is established. */
	open = false;
	/** True where another request may follow the one just answered. */
	reusable = false;
	/** Milliseconds for which the function promised to keep the connection, or -1. */
	promisedMs = -1;
	/** Runs while the connection is idle. */
	readonly idleDeadline = new Deadline(() => this.#lose(null));
	/** Runs until the function has sent anything on this connection. */
	readonly firstByte = new Deadline(() => this.#owner.onNoFirstByte(this));
	#awaitsFirstByte = true;
	#user: UpstreamUser | null = null;
	#heads = new HeadBuffer(LIMITS.headBytesMax);
	#body: BodyReader | null = null;
	#closed = false;
	readonly #owner: UpstreamOwner;

	constructor(connect: (upstream: UpstreamConnection) => Connection, owner: UpstreamOwner) {
		this.#owner = owner;
		this.connection = connect(this);
	}

	get closed(): boolean {
		return this.#closed;
	}

	/** Puts an exchange on the connection; its request may be written now. */
	attach(user: UpstreamUser): void {
		this.#user = user;
		this.#body = null;
		this.reusable = false;
	}

	/** Takes the exchange off: nothing more is delivered to it. */
	detach(): void {
		this.#user = null;
	}

	destroy(): void {
		this.#user = null;
		this.#closed = true;
		this.idleDeadline.clear();
		this.#endFirstByteWait();
		this.connection.destroy();
	}

	/** Hands the raw connection over, for a tunnel; `rest` is what followed the 101. */
	becomeTunnel(handler: ConnectionHandler): void {
		this.#user = null;
		this.#closed = true;
		this.connection.handler = handler;
	}

	onData(bytes: Buffer): void {
		if (this.#awaitsFirstByte) this.#endFirstByteWait();
		if (this.#user === null) {
			this.destroy();
			this.#owner.onIdleLoss(this);
			return;
		}
		try {
			this.#read(bytes);
		} catch (error) {
			if (!(error instanceof ProtocolFault)) throw error;
			this.#lose(error);
		}
	}

	onDrain(): void {
		this.#user?.onUpstreamDrain();
	}

	onEnd(): void {
		const user = this.#user;
		if (user !== null && this.#body?.end() === true && this.#body instanceof CloseDelimitedBody) {
			this.#user = null;
			user.onResponseEnd();
			user.onReadEnd();
			this.destroy();
		} else {
			this.#lose(null);
		}
	}

	onClose(): void {
		this.#lose(null);
	}

	#lose(fault: ProtocolFault | null): void {
		if (this.#closed) return;
		const user = this.#user;
		this.destroy();
		if (user === null) this.#owner.onIdleLoss(this);
		else user.onLost(fault);
	}

	#endFirstByteWait(): void {
		this.#awaitsFirstByte = false;
		this.firstByte.clear();
		this.#owner.onFirstByte(this);
	}

	#read(bytes: Buffer): void {
		let input = bytes;
		let at = 0;
		const user = this.#user;
		while (user !== null && this.#user === user && at < input.length) {
			if (this.#body === null) {
				const text = this.#heads.push(input, at);
				if (text === null) return;
				input = this.#heads.rest;
				at = this.#heads.restFrom;
				const head = parseResponseHead(text, HEAD_LIMITS, isReservedResponseHeader);
				if (head.status === 101) {
					this.#switchProtocols(user, head, input.subarray(at));
					return;
				}
				if (head.status < 200) user.onInterim(head);
				else this.#beginBody(user, head, input.length - at);
			} else {
				at = this.#body.read(input, at, this.#onSlice);
			}
			if (this.#body?.done === true && this.#user === user) {
				if (at < input.length) throw malformed(MORE_THAN_RESPONSE);
				this.#user = null;
				user.onResponseEnd();
			}
		}
		user?.onReadEnd();
	}

	/** An exchange that has given up in the middle of a read wants no more of it. */
	readonly #onSlice = (slice: Buffer): void => this.#user?.onBody(slice);

	/** `followingBytes` came in the same read: where they are too many, nothing of the response is passed on. */
	#beginBody(user: UpstreamUser, head: ResponseHead, followingBytes: number): void {
		const bodyBytes = isBodiless(head.status, user.method) ? 0 : head.contentLength;
		if (bodyBytes === 0 || (bodyBytes > 0 && !head.chunked)) {
			if (followingBytes > bodyBytes) throw malformed(MORE_THAN_RESPONSE);
			this.#body = new SizedBody(bodyBytes);
		} else if (head.chunked) {
			this.#body = new ChunkedBody();
		} else {
			this.#body = new CloseDelimitedBody();
		}
		this.reusable = head.keepAlive && !(this.#body instanceof CloseDelimitedBody);
		this.promisedMs = head.keepAliveSeconds < 0 ? -1 : head.keepAliveSeconds * 1000;
		user.onHead(head);
	}

	#switchProtocols(user: UpstreamUser, head: ResponseHead, rest: Buffer): void {
		user.onHead(head);
		if (rest.length > 0) this.connection.handler.onData(rest);
	}
}
