/** `stop` of everything that serves: a later call with a shorter grace overtakes an earlier one, and both resolve with the first that is done. */
export function stoppable(stop: (graceMs: number) => Promise<void>): (graceMs: number) => Promise<void> {
	const { promise: stopped, resolve, reject } = Promise.withResolvers<void>();
	return (graceMs) => {
		stop(graceMs).then(resolve, reject);
		return stopped;
	};
}
