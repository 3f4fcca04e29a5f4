/** One piece of the product's code, timed alone. */
export type Unit = 'head' | 'call' | 'byte';

export interface InProcessCase {
	readonly name: string;
	/** Heads or calls in one run, or bytes of body. */
	readonly amount: number;
	readonly unit: Unit;
	/** The case whose time this one is compared with; null for none. */
	readonly beside: string | null;
	run(): number;
}
