/** One round: fresh processes, a warm-up that is not counted, then the measured load. */
import { get } from 'node:http';
import { writeFunctionFolder } from './function-folder.ts';
import { INJECTED_RESPONSE_HEADERS } from './injected-headers.ts';
import { startSubject } from './subject.ts';
import { BODY_BYTES, type LoadResult, type LoadTask, PROXY_PORT } from './task.ts';
import { runWrk } from './wrk.ts';

/** @param nginx absolute path of the nginx that plays the function */
export async function runLoad(task: LoadTask, nginx: string): Promise<LoadResult> {
	const subject = await startSubject(task.peer, (folder) => writeFunctionFolder(folder, nginx));
	try {
		const url = `http://127.0.0.1:${PROXY_PORT}/${task.body}`;
		await assertHonest(url, BODY_BYTES[task.body]);
		let errors = 0;
		if (task.warmUpSeconds > 0) {
			errors += (await runWrk(subject.folder, url, task.connections, task.warmUpSeconds)).errors;
		}
		const rssKib: number[] = [];
		const timer = setInterval(() => rssKib.push(subject.usage().rssKib), 1000);
		const before = subject.usage();
		const load = await runWrk(subject.folder, url, task.connections, task.seconds);
		const after = subject.usage();
		clearInterval(timer);
		subject.assertAlive();
		return {
			requests: load.requests,
			seconds: load.seconds,
			cpuSeconds: after.cpuSeconds - before.cpuSeconds,
			p50Ms: load.p50Ms,
			p99Ms: load.p99Ms,
			peakRssKib: after.peakRssKib,
			rssKib: [...rssKib, after.rssKib],
			busyShare: load.busyShare,
			errors: errors + load.errors,
			// Catches answers that are no errors to the load generator: redirects, empty and short bodies.
			bytesMissing: Math.max(0, load.requests * BODY_BYTES[task.body] - load.bytes),
		};
	} finally {
		await subject.stop();
	}
}

/** One request, read in full: status, length and the headers that every peer must add. */
async function assertHonest(url: string, bodyBytes: number): Promise<void> {
	const { status, headers, bytes } = await new Promise<{
		status: number | undefined;
		headers: NodeJS.Dict<string | string[]>;
		bytes: number;
	}>((resolve, reject) => {
		get(url, { agent: false }, (response) => {
			let bytes = 0;
			response.on('data', (part: Buffer) => {
				bytes += part.length;
			});
			response.once('error', reject);
			response.once('end', () => resolve({ status: response.statusCode, headers: response.headers, bytes }));
		}).once('error', reject);
	});
	if (status !== 200 || bytes !== bodyBytes) {
		throw new Error(`GET ${url} answered ${status} with ${bytes} bytes, not 200 with ${bodyBytes}`);
	}
	for (const { name } of INJECTED_RESPONSE_HEADERS) {
		if (headers[name.toLowerCase()] === undefined) throw new Error(`GET ${url} answered without ${name}`);
	}
}
