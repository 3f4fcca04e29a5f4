/** Ports inside a place that are httpfn's, not the function's. */
export const OWN_PORTS: ReadonlySet<number> = new Set([53]);
