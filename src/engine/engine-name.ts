/** Which engine runs this program, for people: it never decides what the program does. */
import process from 'node:process';

export interface EngineName {
	readonly name: 'node' | 'bun' | 'deno';
	readonly version: string;
	/** `linux-x64`. */
	readonly platform: string;
}

export function engineName(): EngineName {
	const { bun, deno, node } = process.versions;
	const platform = `${process.platform}-${process.arch}`;
	if (bun !== undefined) return { name: 'bun', version: bun, platform };
	if (deno !== undefined) return { name: 'deno', version: deno, platform };
	return { name: 'node', version: node, platform };
}
