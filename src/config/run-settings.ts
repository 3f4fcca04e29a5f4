import type { FunctionPlan } from './function-plan.ts';
import type { HostSettings } from './host-settings.ts';

/** What `run`, `check` and `invoke` work with: one function, and how it is served. */
export interface RunSettings extends FunctionPlan, HostSettings {
	/** The config file that was read; null where there was none. */
	readonly configPath: string | null;
}
