import { outputOf } from '../process/output-of.ts';
import type { BenchSite } from './bench-site.ts';
import type { Program } from './program.ts';

/** What it says it is, in one line. Rejects with an Error where it can not be started. */
export async function versionOf(
	{ folder: cwd, environment }: BenchSite,
	{ command, prefix }: Program,
): Promise<string> {
	const { code, stdout } = await outputOf({ command, args: [...prefix, 'version'], cwd, environment }, null);
	if (code !== 0) throw new Error(`${command} version ended with ${code}: it is no httpfn`);
	return stdout.split('\n')[0] ?? '';
}
