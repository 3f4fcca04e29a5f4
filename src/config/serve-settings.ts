import type { FunctionPlan } from './function-plan.ts';
import type { HostSettings } from './host-settings.ts';
import type { ListenAddress } from './listen-address.ts';

/** What `serve` works with. */
export interface ServeSettings extends HostSettings {
	/** Absolute path of the file that all of this comes from; null: there is none, and what is served was deployed. */
	readonly configPath: string | null;
	/** Null: no control plane. */
	readonly control: ControlSettings | null;
	/** What is routed to: `NAME`, and `NAME@VERSION` for a version of its own. */
	readonly plans: ReadonlyMap<string, FunctionPlan>;
	readonly routes: readonly PlannedRoute[];
}

export interface ControlSettings {
	readonly listen: ListenAddress;
	/** Absolute path of the folder that holds what was deployed. */
	readonly stateFolder: string;
	/** Absolute paths of the host that no deployed function may see. */
	readonly hide: readonly string[];
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
