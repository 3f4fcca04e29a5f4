import type { Invocation } from './command.ts';

/** Prints a result as one line of JSON where `--json` asks for it; false: it does not, and nothing is printed. */
export function printedAsJson({ arguments: given, stdout }: Invocation, result: unknown): boolean {
	if (!given.options.has('--json')) return false;
	stdout.writeText(`${JSON.stringify(result)}\n`);
	return true;
}
