/** One round at a fixed rate well below what anybody can do: what a proxy adds to the latency of its function, asked directly before. */
import { getRequest } from '../src/bench/load-request.ts';
import { openLoop } from '../src/bench/open-loop.ts';
import { sortedQuantile } from '../src/bench/statistics.ts';
import { writeFunctionFolder } from './function-folder.ts';
import { startSubject } from './subject.ts';
import { BODY_BYTES, PROXY_PORT, type RateResult, type RateTask } from './task.ts';

const FUNCTION_PORT = 8000;
/** Before the figures count, for each that is asked: an engine that compiles as it goes has most of it behind it then. */
const WARM_UP_REQUESTS = 24_000;
const WARM_UP_RATE = 4000;

/** @param nginx absolute path of the nginx that plays the function */
export async function runRate(task: RateTask, nginx: string): Promise<RateResult> {
	const subject = await startSubject(task.peer, (folder) => writeFunctionFolder(folder, nginx));
	const load = (port: number, ratePerSecond: number, seconds: number): Promise<Float64Array> => {
		const url = new URL(`http://127.0.0.1:${port}`);
		return openLoop(getRequest(url, '/small', BODY_BYTES.small, false), ratePerSecond, seconds * 1000);
	};
	try {
		// The first request starts the function, where the proxy does that.
		await load(PROXY_PORT, WARM_UP_RATE, WARM_UP_REQUESTS / WARM_UP_RATE);
		await load(FUNCTION_PORT, WARM_UP_RATE, task.warmUpSeconds / 2);
		const direct = await load(FUNCTION_PORT, task.ratePerSecond, task.seconds);
		const through = await load(PROXY_PORT, task.ratePerSecond, task.seconds);
		subject.assertAlive();
		return {
			directP50Ms: sortedQuantile(direct, 0.5),
			directP99Ms: sortedQuantile(direct, 0.99),
			p50Ms: sortedQuantile(through, 0.5),
			p99Ms: sortedQuantile(through, 0.99),
		};
	} finally {
		await subject.stop();
	}
}
