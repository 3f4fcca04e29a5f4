/** `execve`: another program in the place of this one, under the same number, with the same files that are not closed on the way. */
import { readFileSync, readlinkSync } from 'node:fs';
import { cString, type Libc } from './libc.ts';

const F_SETFD = 2;

/** The words that this program was started with; the first is the path of its executable. */
export function ownCommandLine(): readonly string[] {
	const [, ...rest] = readFileSync('/proc/self/cmdline', 'utf8').slice(0, -1).split('\0');
	return [readlinkSync('/proc/self/exe'), ...rest];
}

/** Returns where the system refuses: then this program goes on. */
export function replaceProgram(
	calls: Libc,
	command: readonly string[],
	environment: Readonly<Record<string, string | undefined>>,
): void {
	const kept: Buffer[] = [];
	const pointers = (texts: readonly string[]): Buffer => {
		const table = Buffer.alloc((texts.length + 1) * 8);
		for (const [index, text] of texts.entries()) {
			const bytes = cString(text);
			kept.push(bytes);
			table.writeBigUInt64LE(calls.address(bytes), index * 8);
		}
		return table;
	};
	const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
	// Node.js marks its standard streams as its own.
	for (const stream of [0, 1, 2]) calls.fcntl(stream, F_SETFD, 0);
	calls.execve(cString(command[0] ?? ''), pointers(command), pointers(variables));
	for (const text of kept) text.fill(0);
}
