/** Plots whose points follow an axis: latencies by percentile, and what a request costs as things get many. */
import type { Histogram } from '../bench-record.ts';
import { figureText, tickText } from './figure-text.ts';
import { LINES_MAX, type Line, linePlot, type Point, type Tick } from './line-plot.ts';
import { plotFigure } from './plot-figure.ts';
import { matching } from './record-plots.ts';
import type { Runs, Summaries } from './summaries.ts';

const PERCENTILES = [0, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999];
const TOLD = [0.5, 0.99, 0.999];

/** One plot a unit, and more of them where there are more lines than can be told apart. */
export function latencyFigures(after: readonly Histogram[], before: readonly Histogram[]): string[] {
	const filled = after.filter(({ percentiles }) => percentiles.some(isDrawn));
	const former = new Map(before.map((histogram) => [histogram.id, histogram]));
	const plots = [...Map.groupBy(filled, ({ unit }) => unit).values()].flatMap(chunks);
	return plots.map((histograms, index) => {
		const [first] = histograms;
		const all = histograms.flatMap(({ percentiles }) => percentiles.filter(isDrawn));
		const nines = Math.max(1, ...all.map(({ at }) => ninesOf(at)));
		const pointsOf = (histogram: Histogram | undefined): Point[] =>
			(histogram?.percentiles ?? [])
				.filter((point) => isDrawn(point) && ninesOf(point.at) <= nines)
				.map(({ at, value }) => ({ at: ninesOf(at) / nines, value }));
		const lines = histograms.map((histogram): Line => {
			const dashed = former.get(histogram.id);
			return {
				title: histogram.title,
				figures: percentileWords(histogram),
				points: pointsOf(histogram),
				before: dashed?.unit === histogram.unit ? pointsOf(dashed) : [],
			};
		});
		const ticks = PERCENTILES.filter((at) => ninesOf(at) <= nines + 1e-9).map(
			(at): Tick => ({
				at: ninesOf(at) / nines,
				text: at === 0 ? '0%' : `${Number((at * 100).toFixed(3))}%`,
			}),
		);
		const title = plots.length === 1 ? 'Latency by percentile' : `Latency by percentile, ${index + 1}`;
		const caption = `How long a share of all requests took at most.${dashedWords(lines)}`;
		return plotFigure(`latency-${index + 1}`, title, caption, linePlot(lines, ticks, first?.unit ?? ''));
	});
}

/** A line for each thing that grows, over its count. */
export function growthFigures(runs: Runs): string[] {
	const found = matching(runs, /^growth\/(.+)\/(\d+)\/cpu$/);
	const things = Map.groupBy(found, ({ parts: [what = ''], summary }) => `${summary.measure.unit} ${what}`);
	const byUnit = Map.groupBy([...things.values()], ([one]) => one?.summary.measure.unit ?? 'µs');
	const plots = [...byUnit.values()].flatMap(chunks);
	return plots.map((members, index) => {
		const counts = members.flat().map(({ parts }) => Number(parts[1]));
		const most = Math.log10(Math.max(10, ...counts));
		const at = (count: number): number => (count < 1 ? 0 : Math.log10(count) / most);
		const lines = members.map((cases): Line => {
			const sorted = [...cases].sort((a, b) => Number(a.parts[1]) - Number(b.parts[1]));
			const pointsOf = (summaries: Summaries): Point[] =>
				sorted.flatMap(({ summary, parts }) => {
					const value = summaries.get(summary.measure.id)?.estimate ?? Number.NaN;
					return Number.isFinite(value) ? [{ at: at(Number(parts[1])), value }] : [];
				});
			const ends = [sorted.at(0), sorted.at(-1)].map((one) =>
				one === undefined
					? ''
					: `${figureText(one.summary.estimate, one.summary.measure.unit)} at ${tickText(Number(one.parts[1]))}`,
			);
			return {
				title: sorted[0]?.parts[0] ?? '',
				figures: [...new Set(ends)].join(', '),
				points: pointsOf(runs.after),
				before: pointsOf(runs.before),
			};
		});
		const unit = members[0]?.[0]?.summary.measure.unit ?? '';
		const ticks = Array.from({ length: Math.floor(most + 1e-9) + 1 }, (_, power) => 10 ** power).map(
			(count): Tick => ({ at: at(count), text: tickText(count) }),
		);
		const title = plots.length === 1 ? 'How cost grows' : `How cost grows, ${index + 1}`;
		const caption = `CPU a request, by how many there are.${dashedWords(lines)}`;
		return plotFigure(`growth-${index + 1}`, title, caption, linePlot(lines, ticks, unit));
	});
}

function chunks<T>(all: readonly T[]): T[][] {
	const count = Math.ceil(all.length / LINES_MAX);
	return Array.from({ length: count }, (_, index) => all.slice(index * LINES_MAX, (index + 1) * LINES_MAX));
}

function isDrawn({ at, value }: Histogram['percentiles'][number]): boolean {
	return at >= 0 && at < 1 && Number.isFinite(value);
}

/** 0.99 has two: the share that took longer, on a logarithmic axis. */
function ninesOf(at: number): number {
	return -Math.log10(1 - at);
}

function percentileWords({ percentiles, unit }: Histogram): string {
	return TOLD.flatMap((wanted) => {
		const found = percentiles.find(({ at }) => Math.abs(at - wanted) < 1e-9);
		return found === undefined
			? []
			: [`p${Number((wanted * 100).toFixed(1))} ${figureText(found.value, unit)}`];
	}).join(', ');
}

function dashedWords(lines: readonly Line[]): string {
	return lines.some(({ before }) => before.length > 1) ? ' Dashed: before.' : '';
}
