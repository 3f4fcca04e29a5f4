/** The command by which httpfn is the process of an edge function. */
export const EDGE_HOST_WORD = 'edge-host';
