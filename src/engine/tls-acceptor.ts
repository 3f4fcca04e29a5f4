/**
 * TLS on accepted sockets, by `node:tls` on every engine: it is the one way that gives server names, ALPN, half close and
 * a change of certificates on all three. The plain socket stays at hand, because only it can be reset.
 */
import type net from 'node:net';
import type tls from 'node:tls';
import { Arrivals } from './arrivals.ts';
import type { TlsSession } from './connection.ts';
import { type PrefaceSetup, readPreface } from './preface.ts';

export interface TlsSetup {
	/** What a client gets that asks for this name; null: it named none. Asked for each handshake, so that it can change. */
	contextFor(serverName: string | null): tls.SecureContext;
	/** False: every name gets the same, and clients need not be asked. */
	readonly byName: boolean;
	/** A client gave up its handshake, or was given up. */
	refused(remoteAddress: string, problem: string): void;
}

/** A socket that is open: `secure` speaks plain text to us, `raw` is the socket below it. */
export interface SecuredSocket {
	readonly secure: tls.TLSSocket;
	readonly raw: net.Socket;
	readonly session: TlsSession;
	/** Whom the peer speaks for; null: itself. */
	readonly source: { readonly address: string; readonly port: number } | null;
}

/** In the order in which they are preferred. */
const PROTOCOLS = ['h2', 'http/1.1'];

export class TlsAcceptor {
	readonly #setup: TlsSetup;
	readonly #preface: PrefaceSetup | null;
	readonly #onSecure: (socket: SecuredSocket) => void;
	readonly #arrivals = new Arrivals<net.Socket>((raw) => raw.resetAndDestroy());

	constructor(setup: TlsSetup, preface: PrefaceSetup | null, onSecure: (socket: SecuredSocket) => void) {
		this.#setup = setup;
		this.#preface = preface;
		this.#onSecure = onSecure;
	}

	accept(raw: net.Socket): void {
		// Told by the TLS socket too, once there is one.
		raw.on('error', () => {});
		this.#arrivals.add(raw);
		raw.once('close', () => this.#arrivals.delete(raw));
		const reader = this.#preface?.reader(raw.remoteAddress ?? '') ?? null;
		if (reader === null) {
			this.#shakeHands(raw, null);
			return;
		}
		const onData = (bytes: Buffer | string): void => {
			const preface = readPreface(reader, Buffer.from(bytes));
			if (preface === null) return;
			raw.off('data', onData);
			if (typeof preface === 'string') {
				this.#preface?.refused(raw.remoteAddress ?? '', preface);
				raw.resetAndDestroy();
				return;
			}
			raw.pause();
			if (preface.rest.length > 0) raw.unshift(preface.rest);
			this.#shakeHands(raw, preface.source);
		};
		raw.on('data', onData);
		raw.once('end', () => {
			if (raw.listeners('data').includes(onData)) raw.destroy();
		});
	}

	/** Ends the handshakes under way. */
	close(): void {
		this.#arrivals.close();
	}

	#shakeHands(raw: net.Socket, source: SecuredSocket['source']): void {
		const setup = this.#setup;
		const choose = (name: string, answer: (error: null, context: tls.SecureContext) => void) =>
			answer(null, setup.contextFor(name.toLowerCase()));
		const secure = new (nodeTls().TLSSocket)(raw, {
			isServer: true,
			secureContext: setup.contextFor(null),
			ALPNProtocols: PROTOCOLS,
			...(setup.byName ? { SNICallback: choose } : {}),
		});
		const failed = ({ message }: Error): void => {
			if (!this.#arrivals.delete(raw)) return;
			setup.refused(raw.remoteAddress ?? '', message);
			raw.destroy();
		};
		secure.on('error', failed);
		secure.once('secure', () => {
			if (!this.#arrivals.delete(raw)) return;
			secure.off('error', failed);
			this.#onSecure({ secure, raw, session: sessionOf(secure), source });
		});
	}
}

function sessionOf(secure: tls.TLSSocket): TlsSession {
	const { servername } = secure as { servername?: string | false | null };
	const protocol = secure.alpnProtocol === 'h2' ? 'h2' : 'http/1.1';
	return { protocol, serverName: servername ? servername.toLowerCase() : null };
}

/** Loaded when it is used: it takes milliseconds of a start. */
function nodeTls(): typeof tls {
	return process.getBuiltinModule('node:tls');
}
