/**
 * Whether a run got worse than the one before it, and how sure that is.
 *
 * Where a measure has a reference, both sides are divided by it, round by round: a machine that is slower today, or another
 * machine, slows the reference as well. So nothing is ever compared by the clock alone where the machine could be at fault.
 */
import type { BenchRecord, Comparison, Measure, Verdict } from './bench-record.ts';
import { type Interval, ratioInterval } from './statistics.ts';

/** Rounds below which an interval means nothing. */
const ROUNDS_MIN = 5;

/** @param allowed share by which a measure may get worse: 0.05 */
export function compareRecords(before: BenchRecord, after: BenchRecord, allowed: number): Comparison[] {
	const old = new Map(before.measures.map((measure) => [measure.id, measure]));
	const sameMachine = before.machine.fingerprint === after.machine.fingerprint;
	const compared = after.measures.map((measure): Comparison => {
		const former = old.get(measure.id);
		const { id, title } = measure;
		if (former === undefined) return { id, title, verdict: 'new', change: null, why: '' };
		return { id, title, ...judge(former, measure, allowed, sameMachine) };
	});
	const known = new Set(after.measures.map(({ id }) => id));
	const gone = before.measures.filter(({ id }) => !known.has(id));
	return [
		...compared,
		...gone.map(({ id, title }): Comparison => ({ id, title, verdict: 'gone', change: null, why: '' })),
	];
}

function judge(
	before: Measure,
	after: Measure,
	allowed: number,
	sameMachine: boolean,
): Pick<Comparison, 'verdict' | 'change' | 'why'> {
	const rounds = Math.min(before.rounds.length, after.rounds.length);
	if (rounds < ROUNDS_MIN) {
		const why = `${rounds} rounds, at least ${ROUNDS_MIN} are needed`;
		return { verdict: 'cannot tell', change: null, why };
	}
	const divided = before.reference.length > 0 && after.reference.length > 0;
	if (!divided && !sameMachine && before.unit !== 'KiB') {
		const why = 'another machine, and nothing to divide by';
		return { verdict: 'cannot tell', change: null, why };
	}
	const figures = (measure: Measure): number[] => relative(measure, divided);
	const change =
		after.better === 'less'
			? ratioInterval(figures(before), figures(after))
			: ratioInterval(figures(after), figures(before));
	return { change, ...verdictOf(change, allowed) };
}

/** Where more is better the reference is divided through too: it is a figure of the same kind. */
function relative({ rounds, reference }: Measure, divided: boolean): number[] {
	if (!divided) return [...rounds];
	return rounds.map((figure, index) => figure / (reference[index] ?? Number.NaN));
}

/** Regressed only where even the least of the interval is beyond what is allowed; the same only where even the greatest is within. */
function verdictOf({ low, high }: Interval, allowed: number): { verdict: Verdict; why: string } {
	if (!Number.isFinite(low) || !Number.isFinite(high)) {
		return { verdict: 'cannot tell', why: 'a round has no figure' };
	}
	if (low > 1 + allowed) return { verdict: 'regressed', why: '' };
	if (high < 1 / (1 + allowed)) return { verdict: 'improved', why: '' };
	if (high <= 1 + allowed) return { verdict: 'same', why: '' };
	const why = `the noise, ${percent(low)} to ${percent(high)}, is larger than what is allowed`;
	return { verdict: 'cannot tell', why };
}

/** `+3.1%`, of a ratio. */
export function percent(ratio: number): string {
	const share = Number(((ratio - 1) * 100).toFixed(1));
	return `${share < 0 ? '−' : '+'}${Math.abs(share).toFixed(1)}%`;
}
