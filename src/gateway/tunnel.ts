/**
 * Two connections joined after an upgrade (RFC 9110 section 7.8): bytes go through as they come, each side waits for
 * the other's reader, a half-close is passed on, and when either is gone so is the other.
 */
import type { Connection, ConnectionHandler } from '../engine/connection.ts';

export interface Tunnel {
	readonly clientSide: ConnectionHandler;
	readonly upstreamSide: ConnectionHandler;
}

/** `onEnded` is called once, when the tunnel carries no more; `onClientClosed` when the client's side has closed. */
export function joinTunnel(
	client: Connection,
	upstream: Connection,
	onEnded: () => void,
	onClientClosed: () => void,
): Tunnel {
	let sidesOpen = 2;
	let over = false;
	const closed = (other: Connection, orderly: boolean) => {
		sidesOpen--;
		if (over) return;
		if (orderly && sidesOpen > 0) {
			// Both directions are done here, but the last bytes may still be on their way to the other side.
			other.end();
			return;
		}
		over = true;
		other.destroy();
		onEnded();
	};
	return {
		clientSide: relay(client, upstream, (orderly) => {
			closed(upstream, orderly);
			onClientClosed();
		}),
		upstreamSide: relay(upstream, client, (orderly) => closed(client, orderly)),
	};
}

/** `onClosed` is told whether the peer had sent all it had to say. */
function relay(from: Connection, to: Connection, onClosed: (orderly: boolean) => void): ConnectionHandler {
	let ended = false;
	return {
		onData(bytes) {
			if (!to.write(bytes)) from.pause();
		},
		onDrain() {
			to.resume();
		},
		onEnd() {
			ended = true;
			to.end();
		},
		onClose(error) {
			onClosed(ended && error === null);
		},
	};
}
