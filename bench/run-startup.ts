/** Time from spawn to listening, in fresh processes, the peers in turn. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild, untilAccepting } from './child.ts';
import { writeFunctionFolder } from './function-folder.ts';
import { peerCommand } from './peer-command.ts';
import { PROXY_PORT, type StartupResult, type StartupTask } from './task.ts';

const READY_MS = 10_000;

/** @param nginx absolute path of the nginx that plays the function, which no request starts here */
export async function runStartup(task: StartupTask, nginx: string): Promise<readonly StartupResult[]> {
	const folder = mkdtempSync(join(tmpdir(), 'httpfn-bench-'));
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
				const child = startChild(command.file, command.args, {
					cwd: folder,
					home: folder,
					errorFile: join(folder, 'stderr'),
					environment: command.environment ?? {},
				});
				const connectedAtMs = await untilAccepting(PROXY_PORT, child, READY_MS);
				results[index]?.connectMs.push(connectedAtMs - child.spawnedAtMs);
				if (command.startsFunction) {
					results[index]?.urlLineMs.push((await child.firstLineAtMs) - child.spawnedAtMs);
				}
				await child.stop();
			}
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
	return results;
}
