/**
 * The parts of which plots are made. Every plot is 360 units wide: on a phone a unit is about a pixel, and elsewhere plots stand
 * beside one another, so texts keep a size that can be read.
 */
import { escapeHtml } from './escape-html.ts';
import { fitText } from './fit-text.ts';

export const PLOT_WIDTH = 360;
export const FONT_SIZE = 12;
export const FONT_SIZE_SMALL = 10.5;

interface TextPlace {
	readonly x: number;
	readonly y: number;
	readonly anchor?: 'start' | 'middle' | 'end';
	readonly class?: string;
	readonly small?: boolean;
	/** What is longer is cut. */
	readonly widthMax?: number;
}

export function svgText(text: string, place: TextPlace): string {
	const { x, y, anchor = 'start', small = false, widthMax = PLOT_WIDTH } = place;
	const classes = [small ? 'small' : '', place.class ?? ''].filter((name) => name !== '').join(' ');
	const shown = fitText(text, small ? FONT_SIZE_SMALL : FONT_SIZE, widthMax);
	const anchored = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
	const classed = classes === '' ? '' : ` class="${classes}"`;
	return `<text x="${units(x)}" y="${units(y)}"${anchored}${classed}>${escapeHtml(shown)}</text>`;
}

export function svgLine(x1: number, y1: number, x2: number, y2: number, className: string): string {
	return `<line x1="${units(x1)}" y1="${units(y1)}" x2="${units(x2)}" y2="${units(y2)}" class="${className}"/>`;
}

export function svgBar(x: number, y: number, width: number, height: number, className: string): string {
	return `<rect x="${units(x)}" y="${units(y)}" width="${units(Math.max(0, width))}" height="${units(height)}" class="${className}"/>`;
}

/** `M1 2L3 4`, for a `path`. */
export function svgPath(points: readonly (readonly [x: number, y: number])[], className: string): string {
	const d = points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${units(x)} ${units(y)}`).join('');
	return `<path d="${d}" class="${className}"/>`;
}

/** Tenths of a unit are more than a screen shows. */
export function units(value: number): string {
	return String(Math.round(value * 10) / 10);
}
