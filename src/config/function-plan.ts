import type { FunctionSettings } from '../contract/function-settings.ts';
import type { SandboxSettings } from '../contract/sandbox-settings.ts';
import type { ScalingSettings } from '../contract/scaling-settings.ts';

/** Everything that the instances of one function, or of one version of it, are made from. Two that are deeply equal are one. */
export interface FunctionPlan {
	readonly function: FunctionSettings;
	readonly sandbox: SandboxSettings;
	readonly scaling: ScalingSettings;
	/** `concurrentNum` was given: then it holds with every kind of isolation. */
	readonly concurrentNumGiven: boolean;
	/** Start the function at once, not with the first request. */
	readonly eager: boolean;
}
