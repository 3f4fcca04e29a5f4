/** One run: round after round, each with fresh processes of every program, until there is a record of each. */
import type { BenchPlan } from './bench-plan.ts';
import type { BenchRecord } from './bench-record.ts';
import type { BenchRound, Contender } from './bench-round.ts';
import { BenchSite, type BenchSiteOptions } from './bench-site.ts';
import { describeMachine } from './machine.ts';
import { measureCold } from './measure-cold.ts';
import { measureGrowth } from './measure-growth.ts';
import { measureMemory } from './measure-memory.ts';
import { MeasureSheet } from './measure-sheet.ts';
import { measureWarm } from './measure-warm.ts';
import { meterMissing } from './process-meter.ts';
import type { Program } from './program.ts';
import { versionOf } from './version-of.ts';

export interface BenchOptions extends BenchSiteOptions {
	readonly plan: BenchPlan;
	/** Measured in the same rounds, as what there was before; null: nothing is. */
	readonly against: Program | null;
	/** Words that make such a run. */
	readonly command: string;
	readonly onRound: (number: number) => void;
	readonly onStep: (text: string) => void;
	/** Ends the run at its next step. */
	readonly signal: AbortSignal;
}

export interface BenchOutcome {
	readonly now: BenchRecord;
	readonly before: BenchRecord | null;
}

/** Rejects with an Error where an answer was not right or a program does not start: no figure is told of a broken one. */
export async function runBench(options: BenchOptions): Promise<BenchOutcome> {
	const missing = meterMissing();
	if (missing !== null) throw new Error(missing);
	const { own, against, plan, signal } = options;
	const startedAt = new Date().toISOString();
	const machine = describeMachine();
	using site = new BenchSite(options);
	const programs = [own, ...(against === null ? [] : [against])];
	// First of all: what is no httpfn is told before minutes are spent.
	const subjects = new Map<Program, string>();
	for (const program of programs) subjects.set(program, await versionOf(site, program));
	const contenders = programs.map((program): Contender => ({ program, sheet: new MeasureSheet() }));
	for (let number = 0; number < plan.rounds; number += 1) {
		options.onRound(number + 1);
		const turned = number % 2 === 0 ? contenders : contenders.toReversed();
		const round: BenchRound = { site, plan, number, contenders: turned, step: options.onStep, signal };
		await measureWarm(round);
		await measureCold(round);
		await measureMemory(round);
		await measureGrowth(round);
	}
	const records = contenders.map(({ program, sheet }): BenchRecord => {
		const { measures, histograms, skipped } = sheet;
		const subject = subjects.get(program) ?? '';
		const about = {
			format: 'httpfn-bench/1',
			subject,
			command: options.command,
			startedAt,
			machine,
		} as const;
		return { ...about, measures, histograms, skipped };
	});
	const [now, before = null] = records;
	if (now === undefined) throw new Error('a run has a program');
	return { now, before };
}
