import { escapeHtml } from './escape-html.ts';
import { PLOT_WIDTH, units } from './svg.ts';

/** A drawing without its frame. */
export interface Plot {
	readonly svg: string;
	readonly height: number;
	/** All that the drawing shows, in words: for who can not see it. */
	readonly words: string;
}

/** @param id once in a page */
export function plotFigure(id: string, title: string, caption: string, plot: Plot): string {
	const box = `0 0 ${PLOT_WIDTH} ${units(plot.height)}`;
	return `<figure id="${id}">
<figcaption><h3>${escapeHtml(title)}</h3><p>${escapeHtml(caption)}</p></figcaption>
<svg viewBox="${box}" role="img" aria-labelledby="${id}-title ${id}-words"><title id="${id}-title">${escapeHtml(title)}</title><desc id="${id}-words">${escapeHtml(plot.words)}</desc>
${plot.svg}
</svg>
</figure>`;
}
