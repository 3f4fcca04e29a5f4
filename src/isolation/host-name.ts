/** What a function calls the host's own loopback: 127.0.0.1 is its own. */
export const HOST_NAME = 'host.httpfn.internal';
/** What that name leads to: an address that nobody has (RFC 5737); the relay takes it for the host's 127.0.0.1. */
export const HOST_ADDRESS = '192.0.2.1';
