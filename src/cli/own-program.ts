import type { Program } from '../bench/program.ts';
import { ownProgram as ownCommand } from '../engine/own-program.ts';

/** This httpfn, as it can be started again: an executable, or the engine that runs the source. */
export function ownProgram(): Program {
	const { command, prefix } = ownCommand();
	return { role: 'now', command, prefix };
}
