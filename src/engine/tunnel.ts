/**
 * Two connections joined, as after an upgrade (RFC 9110 section 7.8): bytes go through as they come, each side waits for
 * the other's reader, a half-close is passed on, and when either is gone so is the other: by reset where it was reset, so that
 * nobody takes what was cut for complete.
 */
import type { Connection, ConnectionHandler } from './connection.ts';

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
	const closed = (other: Connection, ended: boolean, error: Error | null) => {
		sidesOpen--;
		if (over) return;
		if (ended && error === null && sidesOpen > 0) {
			// Both directions are done here, but the last bytes may still be on their way to the other side.
			other.end();
			return;
		}
		over = true;
		if (error === null) other.destroy();
		else other.reset();
		onEnded();
	};
	return {
		clientSide: relay(client, upstream, (ended, error) => {
			closed(upstream, ended, error);
			onClientClosed();
		}),
		upstreamSide: relay(upstream, client, (ended, error) => closed(client, ended, error)),
	};
}

/** `onClosed` is told whether the peer had sent all it had to say, and what went wrong. */
function relay(
	from: Connection,
	to: Connection,
	onClosed: (ended: boolean, error: Error | null) => void,
): ConnectionHandler {
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
			onClosed(ended, error);
		},
	};
}
