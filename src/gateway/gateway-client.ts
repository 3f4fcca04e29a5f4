import type { RuntimeError } from '../contract/errors.ts';
import type { ConnectionHandler } from '../engine/connection.ts';

/** A connection of the gateway's, whatever it speaks. */
export interface GatewayClient extends ConnectionHandler {
	/** Closes the connection if no request is on it; otherwise what is on it is the last. */
	retire(): void;
	/** Cuts the connection, whatever is on it. */
	cut(): void;
	/** Says why there is no room for this connection, and nothing else. */
	refuse(error: RuntimeError): void;
}
