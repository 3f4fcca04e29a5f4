/**
 * Bars that lie, in groups under headings. Label and figure stand above each bar, so both can be long on a narrow screen; what was
 * before is a thin bar beneath, and a line over a bar's end is its interval.
 */
import type { Measure } from '../bench-record.ts';
import { figureText, tickText } from './figure-text.ts';
import { textWidth } from './fit-text.ts';
import type { Plot } from './plot-figure.ts';
import { type Scale, scaleOf } from './scale.ts';
import type { Summary } from './summaries.ts';
import { FONT_SIZE, FONT_SIZE_SMALL, PLOT_WIDTH, svgBar, svgLine, svgText } from './svg.ts';

export interface Bar {
	readonly label: string;
	/** 1 to 6. */
	readonly colour: number;
	readonly after: Summary;
	readonly before: Summary | null;
}

export interface BarGroup {
	readonly heading: string;
	readonly bars: readonly Bar[];
}

const HEADING_HEIGHT = 24;
const ROW_HEIGHT = 34;
const AXIS_HEIGHT = 22;

export function barPlot(groups: readonly BarGroup[]): Plot {
	const bars = groups.flatMap((group) => group.bars);
	const scale = scaleOf(bars.flatMap(figuresOf));
	const drawn: string[] = [];
	let y = 0;
	for (const group of groups) {
		if (group.heading !== '') {
			y += HEADING_HEIGHT;
			drawn.push(svgText(group.heading, { x: 0, y: y - 6, class: 'strong' }));
		}
		for (const bar of group.bars) {
			drawn.push(drawBar(bar, y, scale));
			y += ROW_HEIGHT;
		}
	}
	const height = y + AXIS_HEIGHT;
	const unit = bars[0]?.after.measure.unit ?? '';
	return {
		svg: [axis(scale, y, unit), ...drawn].join('\n'),
		height,
		words: groups.map(groupWords).join(' '),
	};
}

function figuresOf({ after, before }: Bar): number[] {
	const figures = [after.estimate, after.high, before?.estimate ?? Number.NaN];
	// An interval that reaches zero says nothing about a logarithmic axis.
	return after.low > 0 ? [...figures, after.low] : figures;
}

function drawBar({ label, colour, after, before }: Bar, y: number, scale: Scale): string {
	const text = barFigure(after, before);
	const width = textWidth(text, FONT_SIZE_SMALL);
	const end = (value: number): number => scale.at(value) * PLOT_WIDTH;
	const parts = [
		svgText(label, { x: 0, y: y + 12, widthMax: PLOT_WIDTH - width - FONT_SIZE }),
		svgText(text, { x: PLOT_WIDTH, y: y + 12, anchor: 'end', small: true, class: 'figures' }),
		svgBar(0, y + 17, end(after.estimate), 8, `bar c${colour}`),
	];
	if (after.high > after.low) parts.push(svgLine(end(after.low), y + 21, end(after.high), y + 21, 'whisker'));
	if (before !== null) parts.push(svgBar(0, y + 26, end(before.estimate), 3, 'bar before'));
	return parts.join('');
}

function barFigure(after: Summary, before: Summary | null): string {
	const { unit } = after.measure;
	const figure = figureText(after.estimate, unit);
	return before === null ? figure : `${figure} (before: ${figureText(before.estimate, unit)})`;
}

/** Behind the bars: each has its figure, so the axis only helps to compare. */
function axis(scale: Scale, height: number, unit: Measure['unit'] | ''): string {
	const unitPlace = { x: PLOT_WIDTH, y: height + 16, anchor: 'end', small: true, class: 'quiet' } as const;
	const unitText = scale.logarithmic ? `${unit} (log)` : unit;
	const room = PLOT_WIDTH - textWidth(unitText, FONT_SIZE_SMALL) - 8;
	const lines = scale.ticks.map((tick) => {
		const x = scale.at(tick) * PLOT_WIDTH;
		const text = tickText(tick);
		const half = textWidth(text, FONT_SIZE_SMALL) / 2;
		const centre = Math.max(half, x);
		const place = { x: centre, y: height + 16, anchor: 'middle', small: true, class: 'quiet' } as const;
		return `${svgLine(x, 0, x, height + 3, 'grid')}${centre + half < room ? svgText(text, place) : ''}`;
	});
	return `${lines.join('')}${svgText(unitText, unitPlace)}`;
}

function groupWords({ heading, bars }: BarGroup): string {
	const each = bars.map(({ label, after, before }) => `${label} ${barFigure(after, before)}`).join(', ');
	return `${heading === '' ? '' : `${heading}: `}${each}.`;
}
