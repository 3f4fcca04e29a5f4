/** One round: fresh processes, a warm-up that is not counted, then the measured load. */

import { askOnce } from './ask-once.ts';
import { writeFunctionFolder } from './function-folder.ts';
import { runH2load } from './h2load.ts';
import { INJECTED_RESPONSE_HEADERS } from './injected-headers.ts';
import type { LoadCounts } from './load-counts.ts';
import { measureLoad } from './measure-load.ts';
import { startSubject } from './subject.ts';
import { BODY_BYTES, type LoadResult, type LoadTask, PROXY_PORT } from './task.ts';
import { runWrk } from './wrk.ts';

/** @param nginx absolute path of the nginx that plays the function */
export async function runLoad(task: LoadTask, nginx: string): Promise<LoadResult> {
	const subject = await startSubject(
		task.peer,
		(folder) => writeFunctionFolder(folder, nginx),
		task.protocol,
	);
	try {
		await assertHonest(task);
		const result = await measureLoad({
			generate: (seconds) => generate(task, subject.folder, seconds),
			usage: () => subject.usage(),
			warmUpSeconds: task.warmUpSeconds,
			seconds: task.seconds,
			bodyBytes: BODY_BYTES[task.body],
			port: PROXY_PORT,
		});
		subject.assertAlive();
		return result;
	} finally {
		await subject.stop();
	}
}

function generate(task: LoadTask, folder: string, seconds: number): Promise<LoadCounts> {
	const run = task.protocol === 'h2' ? runH2load : runWrk;
	return run(folder, urlOf(task), task.connections, seconds);
}

function urlOf({ protocol, body }: LoadTask): string {
	return `${protocol === 'http' ? 'http' : 'https'}://127.0.0.1:${PROXY_PORT}/${body}`;
}

/** One request, read in full: status, length and the headers that every peer must add. */
async function assertHonest(task: LoadTask): Promise<void> {
	const [url, bodyBytes] = [urlOf(task), BODY_BYTES[task.body]];
	const { status, names, bytes } = await askOnce(url, task.protocol);
	if (status !== 200 || bytes !== bodyBytes) {
		throw new Error(`GET ${url} answered ${status} with ${bytes} bytes, not 200 with ${bodyBytes}`);
	}
	for (const { name } of INJECTED_RESPONSE_HEADERS) {
		if (!names.includes(name.toLowerCase())) throw new Error(`GET ${url} answered without ${name}`);
	}
}
