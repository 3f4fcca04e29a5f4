import type { ExitRecord } from './exit-log.ts';

/** Who is told of the processes of instances. Nothing that it does may throw. */
export interface InstanceObserver {
	started(pid: number): void;
	/** It listens; `startMs` since it was wanted. */
	listening(ready: { readonly pid: number; readonly startMs: number }): void;
	/** Nothing of it is left. */
	exited(record: ExitRecord): void;
}
