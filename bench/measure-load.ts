/** A warm-up that is not counted, then the load that is, and what the programs under it used meanwhile. */
import { setTimeout as delay } from 'node:timers/promises';
import type { LoadCounts } from './load-counts.ts';
import type { ProcessUsage } from './process-usage.ts';
import { silentConnections } from './silent-connections.ts';
import type { LoadResult } from './task.ts';

export interface MeasuredLoad {
	readonly generate: (seconds: number) => Promise<LoadCounts>;
	readonly usage: () => ProcessUsage;
	readonly warmUpSeconds: number;
	readonly seconds: number;
	/** Of a whole answer. */
	readonly bodyBytes: number;
	/** Of what the load is sent to. */
	readonly port: number;
}

const SAMPLE_MS = 1000;

export async function measureLoad(load: MeasuredLoad): Promise<LoadResult> {
	const { generate, usage, warmUpSeconds, seconds, bodyBytes, port } = load;
	const errors = warmUpSeconds > 0 ? (await generate(warmUpSeconds)).errors : 0;
	const rssKib: number[] = [];
	const timer = setInterval(() => rssKib.push(usage().rssKib), SAMPLE_MS);
	const before = usage();
	try {
		const [counts, silent] = await Promise.all([generate(seconds), silentNearTheEnd(port, seconds)]);
		const after = usage();
		return {
			requests: counts.requests,
			seconds: counts.seconds,
			cpuSeconds: after.cpuSeconds - before.cpuSeconds,
			p50Ms: counts.p50Ms,
			p99Ms: counts.p99Ms,
			peakRssKib: after.peakRssKib,
			rssKib: [...rssKib, after.rssKib],
			silentConnections: silent,
			silentStreams: counts.silentStreams,
			errors: errors + counts.errors,
			// Catches answers that are no errors to the load generator: redirects, empty and short bodies.
			bytesMissing: Math.max(0, counts.requests * bodyBytes - counts.bytes),
		};
	} finally {
		clearInterval(timer);
	}
}

/** Connections that hang, as LoadResult tells them: when nine tenths of the load are over. */
async function silentNearTheEnd(port: number, seconds: number): Promise<number> {
	await delay(seconds * 900);
	return await silentConnections(port, seconds * 500);
}
