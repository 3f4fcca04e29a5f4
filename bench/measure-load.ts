/** A warm-up that is not counted, then the load that is, and what the programs under it used meanwhile. */
import type { LoadCounts } from './load-counts.ts';
import type { ProcessUsage } from './process-usage.ts';
import type { LoadResult } from './task.ts';

export interface MeasuredLoad {
	readonly generate: (seconds: number) => Promise<LoadCounts>;
	readonly usage: () => ProcessUsage;
	readonly warmUpSeconds: number;
	readonly seconds: number;
	/** Of a whole answer. */
	readonly bodyBytes: number;
}

const SAMPLE_MS = 1000;

export async function measureLoad(load: MeasuredLoad): Promise<LoadResult> {
	const { generate, usage, warmUpSeconds, seconds, bodyBytes } = load;
	const errors = warmUpSeconds > 0 ? (await generate(warmUpSeconds)).errors : 0;
	const rssKib: number[] = [];
	const timer = setInterval(() => rssKib.push(usage().rssKib), SAMPLE_MS);
	const before = usage();
	try {
		const counts = await generate(seconds);
		const after = usage();
		return {
			requests: counts.requests,
			seconds: counts.seconds,
			cpuSeconds: after.cpuSeconds - before.cpuSeconds,
			p50Ms: counts.p50Ms,
			p99Ms: counts.p99Ms,
			peakRssKib: after.peakRssKib,
			rssKib: [...rssKib, after.rssKib],
			busyShare: counts.busyShare,
			errors: errors + counts.errors,
			// Catches answers that are no errors to the load generator: redirects, empty and short bodies.
			bytesMissing: Math.max(0, counts.requests * bodyBytes - counts.bytes),
		};
	} finally {
		clearInterval(timer);
	}
}
