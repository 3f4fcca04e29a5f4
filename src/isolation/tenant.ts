import type { FunctionSettings } from '../contract/function-settings.ts';
import type { SandboxSettings } from '../contract/sandbox-settings.ts';

/** A function that is to run in an isolation. */
export interface Tenant {
	readonly function: FunctionSettings;
	readonly sandbox: SandboxSettings;
}
