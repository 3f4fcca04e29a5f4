/** One httpfn under measurement, from its start to its end, and what it said where something failed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, startChild, untilAccepting } from './child.ts';
import { lastWords, SEARCH_PATH } from './cold-start-probe.ts';
import type { Peer } from './peer.ts';
import { PROXY_PORT } from './task.ts';

const READY_MS = 15_000;

/** `argumentsIn` gets a folder for the files of this one; httpfn has to listen on PROXY_PORT. */
export async function withHttpfn<T>(
	peer: Peer,
	argumentsIn: (home: string) => readonly string[],
	use: (child: Child) => Promise<T>,
): Promise<T> {
	const home = mkdtempSync(join(tmpdir(), 'httpfn-bench-'));
	const errorFile = join(home, 'stderr');
	const child = startChild(peer.binary, argumentsIn(home), { cwd: home, home, errorFile, path: SEARCH_PATH });
	try {
		await untilAccepting(PROXY_PORT, child, READY_MS);
		return await use(child);
	} catch (error) {
		throw new Error(`${error}; standard error: ${lastWords(home)}`, { cause: error });
	} finally {
		await child.stop();
		rmSync(home, { recursive: true, force: true });
	}
}
