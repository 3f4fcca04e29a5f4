/** Asks the kernel, by ss(8), which of a load's connections wait for answers that do not come. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How many connections to a port of this network namespace have got nothing for longer than `silentMs`. */
export async function silentConnections(port: number, silentMs: number): Promise<number> {
	const filter = ['state', 'established', `( dport = :${port} )`];
	const { stdout } = await run('ss', ['--no-header', '--tcp', '--numeric', '--info', '--oneline', ...filter]);
	const lines = stdout.split('\n').filter((line) => line !== '');
	// What is zero is not printed.
	return lines.filter((line) => Number(/ lastrcv:(\d+)/.exec(line)?.[1] ?? 0) > silentMs).length;
}
