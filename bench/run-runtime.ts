/** One round of a runtime: a fresh start to its first answer, a warm-up that is not counted, then the measured load. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from './child.ts';
import { firstAnswer } from './first-answer.ts';
import { measureLoad } from './measure-load.ts';
import { treeUsage } from './process-usage.ts';
import { runtimeCommand } from './runtime-command.ts';
import { BODY_BYTES, PROXY_PORT, type RuntimeResult, type RuntimeTask } from './task.ts';
import { runWrk } from './wrk.ts';

const URL = `http://127.0.0.1:${PROXY_PORT}/`;
const CONNECTIONS = 64;

export async function runRuntime(task: RuntimeTask): Promise<RuntimeResult> {
	const folder = mkdtempSync(join(tmpdir(), 'httpfn-bench-'));
	const { file, args, environment } = runtimeCommand(task.runtime, folder);
	const errorFile = join(folder, 'stderr');
	const child = startChild(file, args, { cwd: folder, home: folder, errorFile, environment });
	try {
		const firstAnswerMs = (await firstAnswer(child)) - child.spawnedAtMs;
		const load = await measureLoad({
			generate: (seconds) => runWrk(folder, URL, CONNECTIONS, seconds),
			usage: () => treeUsage(child.pid, null),
			warmUpSeconds: task.warmUpSeconds,
			seconds: task.seconds,
			bodyBytes: BODY_BYTES.small,
			port: PROXY_PORT,
		});
		child.assertAlive();
		return { firstAnswerMs, ...load };
	} catch (error) {
		const words = existsSync(errorFile) ? readFileSync(errorFile, 'utf8').slice(-2000) : '';
		throw new Error(`${task.runtime.name}: ${error}; its standard error: ${words}`, { cause: error });
	} finally {
		await child.stop();
		rmSync(folder, { recursive: true, force: true });
	}
}
