/**
 * Two connections joined after an upgrade (RFC 9110 section 7.8): bytes go through as they come, each side waits for
 * the other's reader, a half-close is passed on, and when either is gone so is the other.
 */
import type { Connection, ConnectionHandler } from '../engine/connection.ts';

export interface Tunnel {
	readonly clientSide: ConnectionHandler;
	readonly upstreamSide: ConnectionHandler;
}

/** `onEnded` is called once, when either side has closed; `onClientClosed` when the client's side has. */
export function joinTunnel(
	client: Connection,
	upstream: Connection,
	onEnded: () => void,
	onClientClosed: () => void,
): Tunnel {
	let over = false;
	const end = () => {
		if (over) return;
		over = true;
		onEnded();
	};
	const clientGone = () => {
		end();
		onClientClosed();
	};
	return { clientSide: relay(client, upstream, clientGone), upstreamSide: relay(upstream, client, end) };
}

function relay(from: Connection, to: Connection, onClosed: () => void): ConnectionHandler {
	return {
		onData(bytes) {
			if (!to.write(bytes)) from.pause();
		},
		onDrain() {
			to.resume();
		},
		onEnd() {
			to.end();
		},
		onClose() {
			to.destroy();
			onClosed();
		},
	};
}
