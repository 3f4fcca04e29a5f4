import type { UsageElsewhere } from '../base/usage-elsewhere.ts';
import type { CountsElsewhere } from './connection-counts.ts';

/** What other gateways of this host use of the bounds that all of them share. */
export interface Elsewhere {
	/** Connections of clients, without those that are being refused. */
	readonly connections: UsageElsewhere;
	readonly heldBytes: UsageElsewhere;
	readonly networks: CountsElsewhere;
}
