import type { HostVariables } from '../contract/environment.ts';
import type { FunctionSettings } from '../contract/function-settings.ts';
import type { SandboxSettings } from '../contract/sandbox-settings.ts';
import type { Log } from '../telemetry/log.ts';
import type { InstanceObserver } from './instance-observer.ts';
import type { RequestNames } from './requests-in-flight.ts';
import type { Isolation } from './sandbox.ts';

export interface InstanceOptions {
	readonly settings: FunctionSettings;
	readonly sandbox: SandboxSettings;
	readonly isolation: Isolation;
	/** The environment of httpfn itself; the contract decides what of it a function sees. */
	readonly hostEnvironment: HostVariables;
	readonly log: Log;
	/** Told of each process; absent: only the log is. */
	readonly observer?: InstanceObserver;
	/** Who works on the places of it that have been handed on; null: each request takes its own. */
	readonly requestNames?: RequestNames | null;
}
