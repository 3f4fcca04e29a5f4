/** Makes a root in which a file stays open for writing, as it does for a moment in a process that is being started. */
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { requiredLibc } from '../../src/engine/libc.ts';
import { Kernel } from '../../src/isolation/kernel.ts';
import { makeRoot } from '../../src/isolation/root-files.ts';
import type { RootPlan } from '../../src/isolation/root-plan.ts';

const writers: number[] = [];

class KernelWithWriter extends Kernel {
	override tmpfs(target: string, options: string): void {
		super.tmpfs(target, options);
		writers.push(openSync(join(target, 'open-for-writing'), 'w'));
	}
}

function codeOf(run: () => void): string | undefined {
	try {
		run();
		return undefined;
	} catch (error) {
		return (error as { code?: string }).code;
	}
}

const host = openSync('/proc/thread-self/ns/mnt', 'r');
let root: number | null = null;
const makeCode = codeOf(() => {
	root = makeRoot(new KernelWithWriter(requiredLibc()), host, workerData as RootPlan, '');
});
const writeCode = root === null ? makeCode : codeOf(() => writeFileSync('/new', ''));
for (const fd of [host, ...writers, ...(root === null ? [] : [root])]) closeSync(fd);
parentPort?.postMessage({ made: root !== null, writeCode });
