/**
 * A request to a listener of our own, over a connection like any client's: the kernel's queue, the event loop, the handshake where
 * there is one, the parser and the answer are all on its way. What comes back need only be HTTP.
 */
import type net from 'node:net';
import { nodeNet } from '../engine/late-builtins.ts';
import type { BoundPlace } from '../engine/listener.ts';

/** A listener. */
interface AskedPoint {
	readonly at: BoundPlace;
	readonly secure: boolean;
}

export interface SelfQuestion {
	readonly point: AskedPoint;
	/** A path that nobody else knows. */
	readonly target: string;
	/** Where this host is one that speaks the PROXY protocol. */
	readonly proxied: (address: string) => boolean;
	readonly timeoutMs: number;
}

const ANSWER = /^HTTP\/1\.[01] \d{3} /;
const ANSWER_BYTES = 13;

/** Resolves when the gateway has answered. Rejects with an Error in words. */
export function askSelf({ point, target, proxied, timeoutMs }: SelfQuestion): Promise<void> {
	return new Promise((resolve, reject) => {
		const raw = nodeNet().connect(reachable(point));
		const timer = setTimeout(() => end(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
		const end = (problem: Error | null): void => {
			clearTimeout(timer);
			raw.destroy();
			if (problem === null) resolve();
			else reject(problem);
		};
		const ask = (socket: net.Socket): void => {
			let text = '';
			socket.on('data', (bytes: Buffer) => {
				text += bytes.toString('latin1');
				if (text.length >= ANSWER_BYTES)
					end(ANSWER.test(text) ? null : new Error('an answer that is not HTTP'));
			});
			socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
		};
		raw.once('error', end);
		raw.once('close', () => end(new Error('the connection was closed without an answer')));
		raw.once('connect', () => {
			if (proxied(raw.localAddress ?? '')) raw.write('PROXY UNKNOWN\r\n');
			if (!point.secure) ask(raw);
			else secure(raw, end).then(ask, end);
		});
	});
}

/** It is our own certificate: whom it names does not matter. */
function secure(socket: net.Socket, onError: (error: Error) => void): Promise<net.Socket> {
	const tls = process.getBuiltinModule('node:tls');
	return new Promise((resolve) => {
		const options = { socket, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] };
		const secured = tls.connect(options, () => resolve(secured));
		secured.once('error', onError);
	});
}

function reachable({ at }: AskedPoint): net.NetConnectOpts {
	if (at.kind === 'unix') return { path: at.path.replace(/^@/, '\0') };
	const any = at.host === '0.0.0.0' ? '127.0.0.1' : at.host === '::' ? '::1' : at.host;
	return { host: any, port: at.port };
}
