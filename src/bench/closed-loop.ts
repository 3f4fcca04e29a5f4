/** A load that asks again as soon as it is answered: what a server can do at most, and what a request costs it then. */
import { monotonicMs } from '../base/clock.ts';
import { LoadConnection } from './load-connection.ts';
import { faultOf, type LoadRequest } from './load-request.ts';

export interface ClosedLoopResult {
	readonly requests: number;
	readonly seconds: number;
}

/**
 * `connections` requests are in flight at any moment, for `durationMs`. Rejects with an Error at the first answer that is not
 * right: a broken server must never look fast.
 */
export function closedLoop(
	request: LoadRequest,
	connections: number,
	durationMs: number,
): Promise<ClosedLoopResult> {
	return new Promise((resolve, reject) => {
		const beganMs = monotonicMs();
		const open = new Set<LoadConnection>();
		let requests = 0;
		let left = connections;
		let fault: string | null = null;
		const over = (): boolean => fault !== null || monotonicMs() - beganMs >= durationMs;
		const leave = (): void => {
			left -= 1;
			if (left > 0) return;
			const seconds = (monotonicMs() - beganMs) / 1000;
			for (const connection of open) connection.close();
			if (fault === null) resolve({ requests, seconds });
			else reject(new Error(fault));
		};
		const ask = (connection: LoadConnection): void =>
			connection.ask(request.bytes, (answered) => {
				fault ??= faultOf(answered, request);
				if (fault === null) requests += 1;
				if (over()) return leave();
				if (!request.fresh) return ask(connection);
				open.delete(connection);
				begin();
			});
		const begin = (): void => {
			const connection = new LoadConnection(request.target);
			open.add(connection);
			ask(connection);
		};
		for (let count = 0; count < connections; count += 1) begin();
	});
}
