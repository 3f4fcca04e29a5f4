/** How many at once. */
export const CROWD_FUNCTIONS = 20;
export const BURST_REQUESTS = 50;
