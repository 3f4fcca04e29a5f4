/** Runs the load generator wrk and reads its counts from a script of its own, not from its printed text. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadCounts } from './load-counts.ts';

const MARK = 'bench-result ';
const SCRIPT = `done = function(summary, latency, requests)
	local e = summary.errors
	print(string.format('${MARK}{"requests":%d,"seconds":%.6f,"bytes":%.0f,"errors":%d,"p50Ms":%.3f,"p99Ms":%.3f}',
		summary.requests, summary.duration / 1e6, summary.bytes,
		e.connect + e.read + e.write + e.status + e.timeout,
		latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
`;

/** One thread, `connections` kept open, for `seconds`. */
export async function runWrk(
	folder: string,
	url: string,
	connections: number,
	seconds: number,
): Promise<LoadCounts> {
	const script = join(folder, 'wrk.lua');
	writeFileSync(script, SCRIPT);
	const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '2s', '-s', script, url];
	const child = spawn('wrk', args, { stdio: ['ignore', 'pipe', 'inherit'] });
	let text = '';
	child.stdout.setEncoding('utf8').on('data', (part: string) => {
		text += part;
	});
	const code = await new Promise<number | null>((resolve, reject) => {
		child.once('error', reject).once('close', resolve);
	});
	const line = text.split('\n').find((candidate) => candidate.startsWith(MARK));
	if (code !== 0 || line === undefined) {
		throw new Error(`wrk ${args.join(' ')} ended with ${code} and no result; it printed: ${text.trim()}`);
	}
	return { ...(JSON.parse(line.slice(MARK.length)) as Omit<LoadCounts, 'silentStreams'>), silentStreams: 0 };
}
