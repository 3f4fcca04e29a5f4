import { spawnProcess } from '../process/spawn.ts';
import type { BenchSite } from './bench-site.ts';
import type { Program } from './program.ts';

/** What it says it is, in one line. Rejects with an Error where it can not be started. */
export async function versionOf(
	{ folder: cwd, environment }: BenchSite,
	{ command, prefix }: Program,
): Promise<string> {
	const child = await spawnProcess({ command, args: [...prefix, 'version'], cwd, environment }, null);
	child.stderr.destroy();
	let text = '';
	for await (const bytes of child.stdout) text += bytes.toString('utf8');
	const { code } = await child.exited;
	if (code !== 0) throw new Error(`${command} version ended with ${code}: it is no httpfn`);
	return text.split('\n')[0] ?? '';
}
