/** What a request costs a server that is kept busy. */
import { closedLoop } from './closed-loop.ts';
import type { LoadRequest } from './load-request.ts';
import { cpuMicros } from './process-meter.ts';

export interface BusyCost {
	/** Processor time of the server's process a request. */
	readonly cpuMicros: number;
	readonly requestsPerSecond: number;
}

export interface BusyLoad {
	readonly request: LoadRequest;
	/** Requests in flight. */
	readonly connections: number;
	/** Before the load that counts: connections are made, and code is compiled. */
	readonly warmUpMs: number;
	readonly durationMs: number;
}

/** Rejects with an Error at an answer that is not right. */
export async function busyCost(
	pid: number,
	{ request, connections, warmUpMs, durationMs }: BusyLoad,
): Promise<BusyCost> {
	await closedLoop(request, connections, warmUpMs);
	const before = cpuMicros(pid);
	const { requests, seconds } = await closedLoop(request, connections, durationMs);
	return { cpuMicros: (cpuMicros(pid) - before) / requests, requestsPerSecond: requests / seconds };
}
