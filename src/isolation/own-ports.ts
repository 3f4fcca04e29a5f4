/** Ports inside a place that are httpfn's, not the function's. */
import { EGRESS_PORTS } from './egress-sockets.ts';

export const OWN_PORTS: ReadonlySet<number> = new Set(Object.values(EGRESS_PORTS));
