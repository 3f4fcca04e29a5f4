/** Time from exec to listening, in fresh processes, the peers in turn. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { startChild, untilAccepting } from './child.ts';
import { writeFunctionFolder } from './function-folder.ts';
import { peerCommand } from './peer-command.ts';
import { PROXY_PORT, type StartupResult, type StartupTask } from './task.ts';

const READY_MS = 10_000;
/** bash writes down the time and becomes the program: the engine that measures takes milliseconds to spawn anything, and they are nobody's start. */
const STAMPED = 'printf %s "$EPOCHREALTIME" >"$0" && exec "$@"';

/** @param nginx absolute path of the nginx that plays the function, which no request starts here */
export async function runStartup(task: StartupTask, nginx: string): Promise<readonly StartupResult[]> {
	const folder = mkdtempSync(join(tmpdir(), 'httpfn-bench-'));
	const stamp = join(folder, 'exec');
	const results = task.peers.map(({ name }) => ({
		peer: name,
		connectMs: [] as number[],
		urlLineMs: [] as number[],
	}));
	try {
		const fn = writeFunctionFolder(folder, nginx);
		const commands = task.peers.map((peer) => peerCommand(peer, folder, fn.folder));
		for (let sample = 0; sample < task.samples; sample += 1) {
			for (const [index, command] of commands.entries()) {
				const child = startChild('/bin/bash', ['-c', STAMPED, stamp, command.file, ...command.args], {
					cwd: folder,
					home: folder,
					errorFile: join(folder, 'stderr'),
					environment: command.environment ?? {},
				});
				const connectedAtMs = await untilAccepting(PROXY_PORT, child, READY_MS);
				const execAtMs = stampedMs(stamp);
				results[index]?.connectMs.push(connectedAtMs - execAtMs);
				if (command.startsFunction) {
					results[index]?.urlLineMs.push((await child.firstLineAtMs) - execAtMs);
				}
				await child.stop();
			}
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
	return results;
}

/** As performance.now() tells it. */
function stampedMs(stamp: string): number {
	return Number(readFileSync(stamp, 'latin1')) * 1000 - performance.timeOrigin;
}
