/** The edge function of the benchmark: a fetch handler that answers 48 bytes. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WORKER } from './runtime-command.ts';

/** @returns absolute path of the function's folder, which every user may read */
export function writeEdgeFolder(folder: string): string {
	const code = join(folder, 'function');
	mkdirSync(code);
	writeFileSync(join(code, 'index.mjs'), WORKER);
	for (const path of [folder, code]) chmodSync(path, 0o755);
	return code;
}
