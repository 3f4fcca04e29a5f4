/** What every measurement is given: where, what and for whom, in which round. */
import type { BenchPlan } from './bench-plan.ts';
import type { BenchSite } from './bench-site.ts';
import type { MeasureSheet } from './measure-sheet.ts';
import type { Program } from './program.ts';

export interface Contender {
	readonly program: Program;
	readonly sheet: MeasureSheet;
}

export interface BenchRound {
	readonly site: BenchSite;
	readonly plan: BenchPlan;
	/** Counts from 0. */
	readonly number: number;
	/** In the order of this round: who goes first changes, so that a machine that tires favours nobody. */
	readonly contenders: readonly Contender[];
	/** Says what is measured now. */
	readonly step: (text: string) => void;
	/** Rejects when the run is to end. */
	readonly signal: AbortSignal;
}
