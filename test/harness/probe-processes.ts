/** The processes of the probe function, as the host sees them. */
import type { RunningFunction } from './binary.ts';
import { commandOf, descendantsOf, type KnownProcess } from './process-tree.ts';

/** Its command line inside a place. */
export const PROBE = '/opt/function/code/probe';

/** One for each instance. */
export function probesOf(running: RunningFunction): KnownProcess[] {
	return descendantsOf(running.pid).filter(({ pid }) => commandOf(pid) === PROBE);
}

/** What its /multiply and /daemon start. */
export function sleepersOf(running: RunningFunction): KnownProcess[] {
	return descendantsOf(running.pid).filter(({ pid }) => commandOf(pid) === 'sleep 1000');
}
