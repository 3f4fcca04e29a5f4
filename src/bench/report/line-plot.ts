/** Lines over a common axis. A letter marks the end of each, and a line of the key beneath tells its name and figures. */
import { tickText } from './figure-text.ts';
import { textWidth } from './fit-text.ts';
import type { Plot } from './plot-figure.ts';
import { type Scale, scaleOf } from './scale.ts';
import { FONT_SIZE_SMALL, PLOT_WIDTH, svgLine, svgPath, svgText, units } from './svg.ts';

export interface Point {
	/** Where on the axis, 0 to 1. */
	readonly at: number;
	readonly value: number;
}

export interface Line {
	readonly title: string;
	/** What stands under the title: some of its figures. */
	readonly figures: string;
	readonly points: readonly Point[];
	/** Drawn dashed, in the same colour. */
	readonly before: readonly Point[];
}

export interface Tick {
	readonly at: number;
	readonly text: string;
}

export const LINES_MAX = 6;

const LEFT = 44;
const RIGHT = PLOT_WIDTH - 18;
const TOP = 22;
const BOTTOM = 190;
const KEY_TOP = BOTTOM + 36;
const KEY_HEIGHT = 34;
const MARK_GAP = 15;
/** Up to so many points each has a dot: they were measured, what lies between was not. */
const DOTTED_MAX = 12;

/** @param lines at most `LINES_MAX` */
export function linePlot(lines: readonly Line[], ticks: readonly Tick[], unit: string): Plot {
	const points = lines.flatMap((line) => [...line.points, ...line.before]);
	const scale = scaleOf(points.map((point) => point.value));
	const place = (point: Point): [number, number] => [
		LEFT + point.at * (RIGHT - LEFT),
		BOTTOM - scale.at(point.value) * (BOTTOM - TOP),
	];
	const ends = spread(lines.map((line) => line.points.map(place).at(-1)?.[1] ?? BOTTOM));
	const drawn = lines.map((line, index) => {
		const colour = `c${index + 1}`;
		const [x] = line.points.map(place).at(-1) ?? [RIGHT];
		return [
			line.before.length > 1 ? svgPath(line.before.map(place), `line dashed ${colour}`) : '',
			line.points.length > 1 ? svgPath(line.points.map(place), `line ${colour}`) : '',
			line.points.length <= DOTTED_MAX ? line.points.map((point) => dot(place(point), colour)).join('') : '',
			mark(index, x + 9, ends[index] ?? BOTTOM),
			key(line, index),
		].join('');
	});
	return {
		svg: [verticalAxis(scale, unit), horizontalAxis(ticks), ...drawn].join('\n'),
		height: KEY_TOP + lines.length * KEY_HEIGHT - 14,
		words: lines.map(({ title, figures }) => `${title}: ${figures}.`).join(' '),
	};
}

function verticalAxis(scale: Scale, unit: string): string {
	const title = scale.logarithmic ? `${unit}, logarithmic` : unit;
	const lines = scale.ticks.map((tick) => {
		const y = BOTTOM - scale.at(tick) * (BOTTOM - TOP);
		const place = {
			x: LEFT - 5,
			y: y + 4,
			anchor: 'end',
			small: true,
			class: 'quiet',
			widthMax: LEFT,
		} as const;
		return `${svgLine(LEFT, y, RIGHT, y, 'grid')}${svgText(tickText(tick), place)}`;
	});
	return `${svgText(title, { x: 0, y: 10, small: true, class: 'quiet' })}${lines.join('')}`;
}

/** The text of a tick is left out where it would touch the one before it. */
function horizontalAxis(ticks: readonly Tick[]): string {
	let taken = 0;
	const drawn = ticks.map(({ at, text }) => {
		const x = LEFT + at * (RIGHT - LEFT);
		const half = textWidth(text, FONT_SIZE_SMALL) / 2;
		const centre = Math.min(x, PLOT_WIDTH - half);
		const line = svgLine(x, TOP, x, BOTTOM + 3, 'grid');
		if (centre - half < taken) return line;
		taken = centre + half + 3;
		return line + svgText(text, { x: centre, y: BOTTOM + 16, anchor: 'middle', small: true, class: 'quiet' });
	});
	return drawn.join('');
}

function key({ title, figures }: Line, index: number): string {
	const y = KEY_TOP + index * KEY_HEIGHT;
	return [
		mark(index, 8, y - 4),
		svgText(title, { x: 22, y, widthMax: PLOT_WIDTH - 22 }),
		svgText(figures, { x: 22, y: y + 14, small: true, class: 'quiet', widthMax: PLOT_WIDTH - 22 }),
	].join('');
}

function mark(index: number, x: number, y: number): string {
	const letter = String.fromCharCode(0x41 + index);
	const circle = `<circle cx="${units(x)}" cy="${units(y)}" r="7" class="bar c${index + 1}"/>`;
	return circle + svgText(letter, { x, y: y + 3.7, anchor: 'middle', small: true, class: 'on-bar' });
}

function dot([x, y]: readonly [number, number], colour: string): string {
	return `<circle cx="${units(x)}" cy="${units(y)}" r="2.6" class="bar ${colour}"/>`;
}

/** Moves marks apart that would cover one another, and keeps their order. */
function spread(wanted: readonly number[]): number[] {
	const order = wanted.map((y, index) => ({ y, index })).sort((a, b) => b.y - a.y);
	const placed = [...wanted];
	let lowest = BOTTOM;
	for (const { y, index } of order) {
		placed[index] = Math.min(y, lowest);
		lowest = Math.min(y, lowest) - MARK_GAP;
	}
	let highest = MARK_GAP;
	for (const { index } of order.reverse()) {
		const y = Math.max(placed[index] ?? BOTTOM, highest);
		placed[index] = y;
		highest = y + MARK_GAP;
	}
	return placed;
}
