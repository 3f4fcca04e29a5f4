/** Bars of segments that follow one another. Each bar's sum stands behind it, and the figures of a segment in the key beneath. */
import { figureText, tickText } from './figure-text.ts';
import { textWidth } from './fit-text.ts';
import type { Plot } from './plot-figure.ts';
import { linearScale } from './scale.ts';
import type { Summary } from './summaries.ts';
import { FONT_SIZE_SMALL, PLOT_WIDTH, svgBar, svgLine, svgText } from './svg.ts';

export interface Stack {
	readonly title: string;
	/** In the order of `names`; null where a phase was not measured. */
	readonly after: readonly (Summary | null)[];
	readonly before: readonly (Summary | null)[];
}

const HEADING_HEIGHT = 22;
const BAR_HEIGHT = 22;
const SUM_WIDTH = 72;
const RIGHT = PLOT_WIDTH - SUM_WIDTH;
const KEY_LINE_HEIGHT = 14;
const KEY_GAP = 6;

/** @param names of the segments, as many as a stack has */
export function stackedPlot(names: readonly string[], stacks: readonly Stack[]): Plot {
	const sums = stacks.flatMap(({ after, before }) => [sumOf(after), sumOf(before)]);
	const scale = linearScale(0, Math.max(...sums));
	const drawn: string[] = [];
	let y = 0;
	for (const { title, after, before } of stacks) {
		drawn.push(svgText(title, { x: 0, y: y + 15, class: 'strong' }));
		y += HEADING_HEIGHT;
		for (const [segments, label] of [
			[after, before.some(isKnown) ? 'now' : ''],
			[before, 'before'],
		] as const) {
			if (!segments.some(isKnown)) continue;
			drawn.push(bar(names, segments, label, y, scale.at));
			y += BAR_HEIGHT + 3;
		}
		y += 4;
	}
	const axisY = y;
	const lines = scale.ticks.map((tick) => {
		const x = scale.at(tick) * RIGHT;
		const text = tickText(tick);
		const place = {
			x: Math.max(x, 4),
			y: axisY + 15,
			anchor: 'middle',
			small: true,
			class: 'quiet',
		} as const;
		return svgLine(x, HEADING_HEIGHT, x, axisY + 2, 'grid') + svgText(text, place);
	});
	const unit = stacks[0]?.after.find(isKnown)?.measure.unit ?? '';
	lines.push(svgText(unit, { x: PLOT_WIDTH, y: axisY + 15, anchor: 'end', small: true, class: 'quiet' }));
	y += 36;
	for (const [index, name] of names.entries()) {
		drawn.push(svgBar(0, y - 10, 12, 12, `bar c${index + 1}`));
		drawn.push(svgText(name, { x: 20, y }));
		y += KEY_LINE_HEIGHT;
		for (const stack of stacks) {
			drawn.push(svgText(segmentWords(stack, index), { x: 20, y, small: true, class: 'quiet' }));
			y += KEY_LINE_HEIGHT;
		}
		y += KEY_GAP;
	}
	return { svg: [...lines, ...drawn].join('\n'), height: y - 12, words: stackWords(names, stacks) };
}

function bar(
	names: readonly string[],
	segments: readonly (Summary | null)[],
	label: string,
	y: number,
	at: (value: number) => number,
): string {
	const parts: string[] = [];
	const old = label === 'before' ? ' former' : '';
	let sum = 0;
	for (const [index, segment] of segments.entries()) {
		const from = at(sum) * RIGHT;
		sum += figureOf(segment);
		const width = at(sum) * RIGHT - from;
		parts.push(svgBar(from, y, width - 1, BAR_HEIGHT, `bar c${index + 1}${old}`));
		const name = names[index] ?? '';
		if (old !== '' || textWidth(name, FONT_SIZE_SMALL) > width - 6) continue;
		parts.push(svgText(name, { x: from + 4, y: y + 15, small: true, class: 'on-bar' }));
	}
	const unit = segments.find(isKnown)?.measure.unit ?? 'ms';
	const end = at(sum) * RIGHT + 5;
	const place = { x: end, y: label === '' ? y + 15 : y + 10, small: true, class: 'figures' } as const;
	parts.push(svgText(figureText(sum, unit), place));
	if (label !== '') parts.push(svgText(label, { x: end, y: y + 21, small: true, class: 'quiet' }));
	return parts.join('');
}

function isKnown(summary: Summary | null): summary is Summary {
	return summary !== null;
}

/** A phase that took less than none is a fault of the clocks, and has no width. */
function figureOf(summary: Summary | null): number {
	return summary !== null && summary.estimate > 0 ? summary.estimate : 0;
}

function sumOf(segments: readonly (Summary | null)[]): number {
	return segments.reduce((sum, segment) => sum + figureOf(segment), 0);
}

function segmentWords({ title, after, before }: Stack, index: number): string {
	const now = after[index];
	const old = before[index];
	const figure = now ? figureText(now.estimate, now.measure.unit) : 'not measured';
	const former = old ? ` (before: ${figureText(old.estimate, old.measure.unit)})` : '';
	return `${title} ${figure}${former}`;
}

function stackWords(names: readonly string[], stacks: readonly Stack[]): string {
	return names
		.map((name, index) => `${name}: ${stacks.map((stack) => segmentWords(stack, index)).join('; ')}.`)
		.join(' ');
}
