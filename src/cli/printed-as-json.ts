import type { Invocation } from './command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

/** Prints a result as one line of JSON where `--json` asks for it; false: it does not, and nothing is printed. */
export function printedAsJson({ arguments: given, stdout }: Invocation, result: unknown): boolean {
	if (!given.options.has('--json')) return false;
	stdout.writeText(`${JSON.stringify(result)}\n`);
	return true;
}

/** Prints a result, as JSON or as this text: what most commands end with. */
export function printResult(invocation: Invocation, result: unknown, text: string): ExitCode {
	if (!printedAsJson(invocation, result)) invocation.stdout.writeText(text);
	return EXIT.ok;
}
