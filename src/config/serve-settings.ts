import type { FunctionPlan } from './function-plan.ts';
import type { HostSettings } from './host-settings.ts';

/** What `serve` works with. */
export interface ServeSettings extends HostSettings {
	/** Absolute path of the file that all of this comes from. */
	readonly configPath: string;
	/** What is routed to: `NAME`, and `NAME@VERSION` for a version of its own. */
	readonly plans: ReadonlyMap<string, FunctionPlan>;
	readonly routes: readonly PlannedRoute[];
}

export interface PlannedRoute {
	/** Lower case, or `*.` and what all names below have; null: any. */
	readonly host: string | null;
	readonly path: string;
	readonly match: 'exact' | 'prefix';
	/** Null: any. */
	readonly method: string | null;
	/** Key of the plan. */
	readonly plan: string;
}
