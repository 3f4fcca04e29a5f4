import process from 'node:process';
import type { Program } from '../bench/program.ts';
import { productVersion } from './product-version.ts';

/** This httpfn, as it can be started again: an executable, or the engine that runs the source. */
export function ownProgram(): Program {
	const [command, script = ''] = [process.execPath, process.argv[1]];
	const source = productVersion().version.endsWith('-source');
	return { role: 'now', command, prefix: source ? [script] : [] };
}
