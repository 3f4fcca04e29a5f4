/**
 * Which plots a record has the data for. Ids say what a measure is: `warm/<mode>/<body>/<kept|new>/cpu`,
 * `cold/<direct|namespace>/<phase>`, `growth/<what>/<count>/cpu`, `memory/<what>`, `code/<suite>/<case>`.
 */
import type { Measure } from '../bench-record.ts';
import { type Bar, type BarGroup, barPlot } from './bar-plot.ts';
import { plotFigure } from './plot-figure.ts';
import { type Stack, stackedPlot } from './stacked-plot.ts';
import type { Runs, Summary } from './summaries.ts';

const BODIES: Readonly<Record<string, string>> = {
	'0': 'no body',
	'1KB': '1 KB',
	'100KB': '100 KB',
	'5MB': '5 MB',
};
const CONNECTIONS = { kept: 'kept connections', new: 'a new connection each' } as const;
const PHASES = ['spawn', 'bootstrap', 'probe', 'first-byte'] as const;
const ISOLATIONS = ['direct', 'namespace'] as const;
const COLOURS = 6;

/** CPU a request: one plot for kept connections, one for new ones. */
export function cpuFigures(runs: Runs): string[] {
	return Object.entries(CONNECTIONS).flatMap(([kind, title]) => {
		const found = matching(runs, new RegExp(`^warm/([^/]+)/([^/]+)/${kind}/cpu$`));
		const modes = [...new Set(found.map(({ parts: [mode = ''] }) => mode))];
		const groups = groupsOf(
			found.map(({ summary, parts: [mode = '', body = ''] }) => ({
				heading: BODIES[body] ?? body,
				order: Object.keys(BODIES).indexOf(body),
				bar: { ...barOf(runs, summary, mode), colour: (modes.indexOf(mode) % COLOURS) + 1 },
			})),
		);
		const heading = `CPU a request by body size, ${title}`;
		return barFigures(`cpu-${kind}`, heading, 'Median of the rounds; the line is its 99% interval.', groups);
	});
}

export function memoryFigures(runs: Runs): string[] {
	const bars = matching(runs, /^memory\/(.+)$/).map(({ summary, parts: [what = ''] }) =>
		barOf(runs, summary, summary.measure.title || what),
	);
	return barFigures('memory', 'Memory', 'Median of the rounds.', groupsOf(bars.map(ungrouped)));
}

/** What runs inside one process; times and rates have a plot of their own. */
export function codeFigures(runs: Runs): string[] {
	const found = matching(runs, /^code\/([^/]+)\/(.+)$/);
	return found.length === 0
		? []
		: barFigures(
				'code',
				'Code in one process',
				'Median of the rounds; the line is its 99% interval.',
				groupsOf(
					found.map(({ summary, parts: [suite = '', name = ''] }) => ({
						heading: suite,
						order: 0,
						bar: barOf(runs, summary, name),
					})),
				),
			);
}

export function coldStartFigures(runs: Runs): string[] {
	const stacks = ISOLATIONS.map((isolation): Stack => {
		const phasesOf = (summaries: Runs['after']): (Summary | null)[] =>
			PHASES.map((phase) => known(summaries.get(`cold/${isolation}/${phase}`)));
		return { title: `${isolation} isolation`, after: phasesOf(runs.after), before: phasesOf(runs.before) };
	}).filter(({ after }) => after.some((phase) => phase !== null));
	if (stacks.length === 0) return [];
	const caption =
		'From a request at no instance to the first byte of its answer. Medians of the phases, each by itself.';
	return [plotFigure('cold-start', 'Cold start by phase', caption, stackedPlot(PHASES.map(spaced), stacks))];
}

interface Found {
	readonly summary: Summary;
	readonly parts: readonly string[];
}

/** Measures with a figure whose id fits, and what the groups of the pattern caught. */
export function matching({ after }: Runs, pattern: RegExp): Found[] {
	return [...after.values()].flatMap((summary) => {
		const match = pattern.exec(summary.measure.id);
		return match === null || known(summary) === null ? [] : [{ summary, parts: match.slice(1) }];
	});
}

function known(summary: Summary | undefined): Summary | null {
	return summary !== undefined && Number.isFinite(summary.estimate) ? summary : null;
}

function barOf(runs: Runs, after: Summary, label: string): Bar {
	return { label, colour: 1, after, before: known(runs.before.get(after.measure.id)) };
}

interface Grouped {
	readonly heading: string;
	readonly order: number;
	readonly bar: Bar;
}

function ungrouped(bar: Bar): Grouped {
	return { heading: '', order: 0, bar };
}

/** Groups in ascending order, then as they came. */
function groupsOf(bars: readonly Grouped[]): BarGroup[] {
	const sorted = [...bars].sort((a, b) => a.order - b.order);
	const groups = Map.groupBy(sorted, ({ heading }) => heading);
	return [...groups].map(([heading, members]) => ({ heading, bars: members.map(({ bar }) => bar) }));
}

/** One axis has one unit: a figure for each. */
function barFigures(id: string, title: string, caption: string, groups: readonly BarGroup[]): string[] {
	const all = groups.flatMap(({ bars }) => bars.map(unitOf));
	const unitsFound = [...new Set(all)];
	return unitsFound.map((unit, index) => {
		const ofUnit = groups
			.map(({ heading, bars }) => ({ heading, bars: bars.filter((bar) => unitOf(bar) === unit) }))
			.filter(({ bars }) => bars.length > 0);
		const [first] = ofUnit;
		const better = first?.bars[0]?.after.measure.better ?? 'less';
		const named = unitsFound.length === 1 ? title : `${title}, ${unit}`;
		const text = `${caption} ${better === 'less' ? 'Less' : 'More'} is better.`;
		return plotFigure(index === 0 ? id : `${id}-${index + 1}`, named, text, barPlot(ofUnit));
	});
}

function unitOf({ after }: Bar): Measure['unit'] {
	return after.measure.unit;
}

function spaced(phase: string): string {
	return phase.replace('-', ' ');
}
