/** What a run is to measure, and how thoroughly. */
export interface BenchPlan {
	/** Fresh processes of each program, one after the other. */
	readonly rounds: number;
	/** Of each load. */
	readonly seconds: number;
	/** Requests a second of the small answers under the fixed rate; longer answers get less. */
	readonly rate: number;
	/** Beginnings of ids; what begins with none of them is left out. Empty: everything. */
	readonly only: readonly string[];
	/** What is asked of a function that is not the benchmark's own. */
	readonly path: string;
}

/** Whether anything whose id begins with `prefix` is to be measured. */
export function isPlanned({ only }: BenchPlan, prefix: string): boolean {
	return only.length === 0 || only.some((wanted) => prefix.startsWith(wanted) || wanted.startsWith(prefix));
}
