/** What describes several functions, at the root of what is packed. */
export const PACKED_CONFIG_NAME = 'httpfn.json';
