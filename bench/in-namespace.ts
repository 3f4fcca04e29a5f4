/**
 * The program that runs inside a network and process namespace of its own: reads one task from its argument, prints
 * one result. When it ends, every process it started ends with it.
 */
import { runColdStart } from './run-cold-start.ts';
import { runCrowd } from './run-crowd.ts';
import { runEdgeStart } from './run-edge-start.ts';
import { runHeaders } from './run-headers.ts';
import { runLoad } from './run-load.ts';
import { runRate } from './run-rate.ts';
import { runRuntime } from './run-runtime.ts';
import { runStartup } from './run-startup.ts';
import { runThaw } from './run-thaw.ts';
import type { Task } from './task.ts';

const [taskText = '', nginx = ''] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await runTask(JSON.parse(taskText) as Task)));

async function runTask(task: Task): Promise<unknown> {
	switch (task.kind) {
		case 'runtime':
			return await runRuntime(task);
		case 'load':
			return await runLoad(task, nginx);
		case 'rate':
			return await runRate(task, nginx);
		case 'startup':
			return await runStartup(task, nginx);
		case 'headers':
			return await runHeaders(task);
		case 'cold':
			return await runColdStart(task);
		case 'crowd':
			return await runCrowd(task);
		case 'thaw':
			return await runThaw(task);
		case 'edge-start':
			return await runEdgeStart(task);
		default:
			return task satisfies never;
	}
}
