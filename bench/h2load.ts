/** Runs the load generator h2load over HTTP/2 and reads its counts, latencies from its log of single requests. */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { quantile } from '../src/bench/statistics.ts';
import type { LoadCounts } from './load-counts.ts';

/** A connection carries several requests at once: that is what the protocol is for. */
const STREAMS = 4;

/** One thread, `inFlight` requests under way at a time, for `seconds`. */
export async function runH2load(
	folder: string,
	url: string,
	inFlight: number,
	seconds: number,
): Promise<LoadCounts> {
	const log = join(folder, 'h2load.log');
	rmSync(log, { force: true });
	const connections = Math.max(1, inFlight / STREAMS);
	// The windows are those of a browser: 2^24 - 1 bytes a stream, more for a connection.
	const windows = ['-w', '24', '-W', '26'];
	const args = [
		'-t1',
		`-c${connections}`,
		`-m${STREAMS}`,
		`-D${seconds}`,
		...windows,
		`--log-file=${log}`,
		url,
	];
	const child = spawn('h2load', args, { stdio: ['ignore', 'pipe', 'inherit'] });
	let text = '';
	child.stdout.setEncoding('utf8').on('data', (part: string) => {
		text += part;
	});
	const code = await new Promise<number | null>((resolve, reject) => {
		child.once('error', reject).once('close', resolve);
	});
	const done = /requests: .* (\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout/.exec(text);
	const bytes = /, [^,]*\((\d+)\) data/.exec(text)?.[1];
	if (code !== 0 || done === null || bytes === undefined)
		throw new Error(`h2load ${args.join(' ')} ended with ${code} and no result; it printed: ${text.trim()}`);
	const [, succeeded, ...failed] = done;
	const logged = requestsIn(readFileSync(log, 'latin1'));
	const latenciesMs = logged.map(({ tookMs }) => tookMs);
	return {
		requests: Number(succeeded),
		seconds,
		bytes: Number(bytes),
		// What it gives up at the end of its time it counts as neither failed nor done.
		errors: failed.reduce((sum, one) => sum + Number(one), 0),
		p50Ms: quantile(latenciesMs, 0.5),
		p99Ms: quantile(latenciesMs, 0.99),
		silentStreams: inFlight - mostUnderWay(logged, seconds),
	};
}

interface LoggedRequest {
	readonly startMs: number;
	readonly tookMs: number;
}

/** Lines of start in µs, status, duration in µs. */
function requestsIn(log: string): LoggedRequest[] {
	const lines = log.split('\n').filter((line) => line !== '');
	return lines.map((line) => {
		const [start, , took] = line.split('\t');
		return { startMs: Number(start) / 1000, tookMs: Number(took) / 1000 };
	});
}

/** How many of them were under way at one moment of the load's second half but its last tenth, whose answers may be late: a stream that hangs is never among them. */
export function mostUnderWay(requests: readonly LoggedRequest[], seconds: number): number {
	const beganMs = requests.reduce((least, { startMs }) => Math.min(least, startMs), Number.POSITIVE_INFINITY);
	const [fromMs, toMs] = [beganMs + seconds * 500, beganMs + seconds * 900];
	const changes = requests.flatMap(({ startMs, tookMs }) => [
		{ atMs: startMs, by: 1 },
		{ atMs: startMs + tookMs, by: -1 },
	]);
	changes.sort((one, other) => one.atMs - other.atMs || one.by - other.by);
	let [underWay, most] = [0, 0];
	for (const { atMs, by } of changes) {
		// What holds until this change.
		if (atMs >= fromMs && atMs <= toMs) most = Math.max(most, underWay);
		underWay += by;
	}
	return most;
}
