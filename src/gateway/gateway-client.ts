import type { RuntimeError } from '../contract/errors.ts';
import type { ConnectionHandler } from '../engine/connection.ts';

/** Whom a gateway that stops waits for. */
export interface GatewayGuest {
	/** Leaves if no request is under way; otherwise that one is the last. */
	retire(): void;
	/** Leaves now, whatever is under way. */
	cut(): void;
}

/** A connection of the gateway's, whatever it speaks. */
export interface GatewayClient extends ConnectionHandler, GatewayGuest {
	/** Says why there is no room for this connection, and nothing else. */
	refuse(error: RuntimeError): void;
}
