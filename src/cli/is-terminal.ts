import fs from 'node:fs';
import process from 'node:process';

/** Loads node:tty, which takes milliseconds, only where the descriptor may be a terminal at all. */
export function isTerminal(descriptor: number): boolean {
	try {
		if (!fs.fstatSync(descriptor).isCharacterDevice()) return false;
	} catch {
		return false;
	}
	return process.getBuiltinModule('node:tty').isatty(descriptor);
}
