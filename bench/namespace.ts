/** Runs one task in a network namespace of its own, so that port 8000 is free and nothing outside is touched. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Task, TaskResults } from './task.ts';

const PROGRAM = fileURLToPath(new URL('./in-namespace.ts', import.meta.url));
const running = new Set<ChildProcess>();

/**
 * @param nginx absolute path of the nginx that plays the function
 * @param timeoutMs after which the namespace and everything in it is killed
 */
export async function runInNamespace<T extends Task>(
	task: T,
	nginx: string,
	timeoutMs: number,
): Promise<TaskResults[T['kind']]> {
	const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
	const child = spawn(
		'unshare',
		[
			...[...user, '--net', '--pid', '--fork', '--kill-child', '--mount-proc', '--', 'sh', '-c'],
			...['ip link set lo up && exec "$@"', 'sh', process.execPath, PROGRAM, JSON.stringify(task), nginx],
		],
		{ stdio: ['ignore', 'pipe', 'pipe'] },
	);
	running.add(child);
	let text = '';
	let errorText = '';
	child.stdout.setEncoding('utf8').on('data', (part: string) => {
		text += part;
	});
	child.stderr.setEncoding('utf8').on('data', (part: string) => {
		errorText += part;
	});
	const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
	const ended = await new Promise<string>((resolve, reject) => {
		child.once('error', reject).once('close', (code, signal) => resolve(String(signal ?? code)));
	});
	clearTimeout(timer);
	running.delete(child);
	if (ended !== '0')
		throw new Error(`The task ${JSON.stringify(task)} ended with ${ended}: ${errorText.trim()}`);
	return JSON.parse(text) as TaskResults[T['kind']];
}

/** Kills what runs now: unshare takes its namespace down with it. */
export function killNamespaces(): void {
	for (const child of running) child.kill('SIGKILL');
}
