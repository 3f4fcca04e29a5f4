/** Where connections come from. */
import type { PrefaceSetup } from './preface.ts';
import type { TlsSetup } from './tls-acceptor.ts';

/** Where a listener is. A descriptor is of a socket that somebody else has bound and made listen. */
export type ListenPlace =
	| { readonly kind: 'tcp'; readonly host: string /** 0 picks a free one. */; readonly port: number }
	| { readonly kind: 'unix' /** Absolute. */; readonly path: string }
	| {
			readonly kind: 'descriptor';
			readonly fd: number;
			/** The file of a Unix socket that is now ours to remove; left out: it is somebody else's, or there is none. */
			readonly file?: string;
	  };

export interface Listener {
	/** Where it is in fact: with the port that was picked, or what a descriptor turned out to be. */
	readonly place: BoundPlace;
	/**
	 * Stops accepting; connections that are open stay. Closing twice is harmless. `handedOver`: another process listens on the same
	 * socket, and the file of a Unix socket is its own now.
	 */
	close(handedOver?: boolean): Promise<void>;
}

export type BoundPlace = Exclude<ListenPlace, { kind: 'descriptor' }>;

export interface ListenOptions {
	readonly at: ListenPlace;
	readonly backlog: number;
	/** Left out: connections are not encrypted. */
	readonly tls?: TlsSetup;
	/** Left out: connections begin with what their protocol says. */
	readonly preface?: PrefaceSetup;
}
