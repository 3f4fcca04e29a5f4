/**
 * `stop` of everything that serves: a later call with a shorter grace overtakes an earlier one, and both resolve with the first that
 * is done. `handedOver`: another process accepts on the same sockets.
 */
export function stoppable(
	stop: (graceMs: number, handedOver: boolean) => Promise<void>,
): (graceMs: number, handedOver?: boolean) => Promise<void> {
	const { promise: stopped, resolve, reject } = Promise.withResolvers<void>();
	return (graceMs, handedOver = false) => {
		stop(graceMs, handedOver).then(resolve, reject);
		return stopped;
	};
}
