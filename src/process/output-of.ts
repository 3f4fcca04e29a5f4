import process from 'node:process';
import type { LaunchSpec } from './launch-spec.ts';
import { type ProcessExit, spawnProcess } from './spawn.ts';

/** Of each stream; what comes after that is read, and dropped. */
const OUTPUT_CHARS_MAX = 64 * 1024;

export interface Output extends ProcessExit {
	readonly stdout: string;
	readonly stderr: string;
	/** It was killed, since its time was over. */
	readonly isLate: boolean;
}

/**
 * Runs a program to its end. One that takes longer than `timeoutMs` is killed, with all of its group; null: it may take as long as it likes.
 * Rejects with ERR_SPAWN_FAILED.
 */
export async function outputOf(spec: LaunchSpec, timeoutMs: number | null): Promise<Output> {
	const child = await spawnProcess(spec, null);
	let isLate = false;
	const kill = (): void => {
		isLate = true;
		killGroup(child.pid);
	};
	const timer = timeoutMs === null ? undefined : setTimeout(kill, timeoutMs);
	try {
		const [stdout, stderr, exit] = await Promise.all([
			textOf(child.stdout),
			textOf(child.stderr),
			child.exited,
		]);
		return { ...exit, stdout, stderr, isLate };
	} finally {
		clearTimeout(timer);
	}
}

/** The leader may have ended, and left its output open to others of its group. */
function killGroup(pid: number): void {
	try {
		process.kill(-pid, 'SIGKILL');
	} catch {
		// Nobody is left.
	}
}

async function textOf(source: AsyncIterable<Buffer>): Promise<string> {
	const decoder = new TextDecoder();
	let text = '';
	for await (const bytes of source) {
		if (text.length < OUTPUT_CHARS_MAX) text += decoder.decode(bytes, { stream: true });
	}
	return text;
}
