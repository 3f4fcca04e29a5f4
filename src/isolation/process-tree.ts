/** The processes of a place, as this host numbers them: in it, whoever loses its parent becomes a child of the first process. */
import { readdirSync, readFileSync } from 'node:fs';

/** Empty where the process is gone. */
export function childrenOf(pid: number): number[] {
	const children: number[] = [];
	for (const thread of threadsOf(pid)) {
		children.push(...readNumbers(`/proc/${pid}/task/${thread}/children`));
	}
	return children;
}

/** The process itself, and everything below it. */
export function descendantsOf(pid: number): number[] {
	const found = [pid];
	for (const process of found) found.push(...childrenOf(process));
	return found;
}

function threadsOf(pid: number): string[] {
	try {
		return readdirSync(`/proc/${pid}/task`);
	} catch {
		return [];
	}
}

function readNumbers(path: string): number[] {
	try {
		return readFileSync(path, 'latin1').split(' ').filter(Boolean).map(Number);
	} catch {
		return [];
	}
}
