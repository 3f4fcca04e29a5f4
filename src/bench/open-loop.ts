/**
 * A load at a fixed rate, whatever the server does: a request is due at its time, and its latency counts from then. A server
 * that stalls makes those who come meanwhile wait, and they are counted, each with its wait. (A load that asks only after an answer
 * leaves them out: coordinated omission.)
 */
import { monotonicMs } from '../base/clock.ts';
import { LoadConnection } from './load-connection.ts';
import { faultOf, type LoadRequest } from './load-request.ts';

/** Connections beyond which a request waits for one: a server that far behind is not below saturation. */
const CONNECTIONS_MAX = 512;
/** Milliseconds after the last request that answers are waited for. */
const ANSWER_MS_MAX = 10_000;

/**
 * Resolves with the latency of each request, ascending, in milliseconds from when it was due until its answer was whole. Rejects with an
 * Error at an answer that is not right, or none.
 */
export function openLoop(
	request: LoadRequest,
	ratePerSecond: number,
	durationMs: number,
): Promise<Float64Array> {
	const total = Math.max(1, Math.round((ratePerSecond * durationMs) / 1000));
	return new Promise((resolve, reject) => {
		const latencies = new Float64Array(total);
		const idle: LoadConnection[] = [];
		const open = new Set<LoadConnection>();
		/** Due, and no connection to send them on. */
		const waiting: number[] = [];
		const beganMs = monotonicMs();
		const dueMs = (index: number): number => beganMs + (index * 1000) / ratePerSecond;
		let sent = 0;
		let answeredCount = 0;
		const deadline = setTimeout(() => end('answers did not come in time'), durationMs + ANSWER_MS_MAX);
		let timer: NodeJS.Timeout | undefined;
		const end = (fault: string | null): void => {
			clearTimeout(timer);
			clearTimeout(deadline);
			for (const connection of open) connection.close();
			if (fault === null) resolve(latencies.sort());
			else reject(new Error(fault));
		};
		const send = (index: number): void => {
			const connection = idle.pop() ?? connected(request, open);
			if (connection === null) return void waiting.push(index);
			connection.ask(request.bytes, (answered) => {
				const fault = faultOf(answered, request);
				if (fault !== null) return end(fault);
				latencies[index] = monotonicMs() - dueMs(index);
				answeredCount += 1;
				if (answeredCount === total) return end(null);
				if (request.fresh) open.delete(connection);
				else idle.push(connection);
				const next = waiting.shift();
				if (next !== undefined) send(next);
			});
		};
		const tick = (): void => {
			const nowMs = monotonicMs();
			while (sent < total && dueMs(sent) <= nowMs) send(sent++);
			if (sent < total) timer = setTimeout(tick, Math.max(0, dueMs(sent) - monotonicMs()));
		};
		tick();
	});
}

/** Null where there are as many as there may be. */
function connected(request: LoadRequest, open: Set<LoadConnection>): LoadConnection | null {
	if (open.size >= CONNECTIONS_MAX) return null;
	const connection = new LoadConnection(request.target);
	open.add(connection);
	return connection;
}
