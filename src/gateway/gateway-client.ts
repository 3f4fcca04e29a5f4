import type { RuntimeError } from '../contract/errors.ts';
import type { ConnectionHandler } from '../engine/connection.ts';

/** Whom a gateway that stops waits for. */
export interface GatewayGuest {
	/** Says, where its protocol can, that the client had better come another way; what still comes on this one is taken. */
	announceEnd?(): void;
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
