import type { Handler } from './find-handler.ts';

/** What of this process the globals of other engines are made of. */
export interface HostProcess {
	/** The process's own variables, as functions see and may change them. */
	readonly environment: Record<string, string | undefined>;
	exit(code: number): never;
}

export interface GlobalHost {
	readonly process: HostProcess;
	/** Starts the one server of the function, for a call of `serve` that answers at once. */
	start(handler: Handler): { stop(): Promise<void> };
}
