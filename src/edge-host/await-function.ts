/** The moment in which a zygote becomes a function. */
import fs from 'node:fs';
import process from 'node:process';
import { type EdgeStart, parseStart, ZYGOTE_DESCRIPTORS } from '../contract/edge-start.ts';

/**
 * Blocks until httpfn names the function; then nothing is left of what it was named by, and the working directory is the code root.
 * Null: httpfn is gone.
 */
export function awaitFunction(): EdgeStart | null {
	const { message, order } = ZYGOTE_DESCRIPTORS;
	if (fs.readSync(order, Buffer.alloc(1)) === 0) return null;
	const start = parseStart(fs.readFileSync(message, 'utf8'));
	fs.closeSync(message);
	fs.closeSync(order);
	process.chdir(start.cwd);
	return start;
}
