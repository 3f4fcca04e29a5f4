import { proxyEnvironment } from './egress-proxy.ts';
import { EGRESS_PORTS } from './egress-sockets.ts';
import type { ReadyPlace } from './thread-protocol.ts';

/** Variables for a place in which nothing redirects what a function sends out: they say whom to ask. */
export function proxyOf({ egress }: Pick<ReadyPlace, 'egress'>): Record<string, string> {
	return egress?.redirected === false ? proxyEnvironment(EGRESS_PORTS.tcp) : {};
}
