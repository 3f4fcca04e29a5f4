/** How much of a bound of this host other processes use that serve with this one. */
export interface UsageElsewhere {
	/** How many processes share it, this one included. */
	readonly processes: number;
	/** What the others use now. */
	used(): number;
	/** Tells them what this one uses from now on. */
	tell(amount: number): void;
}

/** There is no other process. */
export const NOBODY_ELSE: UsageElsewhere = { processes: 1, used: () => 0, tell() {} };
