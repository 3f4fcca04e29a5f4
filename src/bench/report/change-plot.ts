/**
 * The change of each comparison with its interval, around none. What is allowed is shaded; shape and colour tell the verdict, so
 * neither has to be seen alone.
 */
import type { Comparison } from '../bench-record.ts';
import { percent } from '../compare-records.ts';
import type { Interval } from '../statistics.ts';
import { textWidth } from './fit-text.ts';
import type { Plot } from './plot-figure.ts';
import { extent, linearScale, type Scale } from './scale.ts';
import { FONT_SIZE, FONT_SIZE_SMALL, PLOT_WIDTH, svgBar, svgLine, svgText, units } from './svg.ts';
import { VERDICT_WORDS } from './verdict-words.ts';

export interface Changed extends Comparison {
	readonly change: Interval;
}

const ROW_HEIGHT = 38;
const TOP = 22;
const LEFT = 10;
const RIGHT = PLOT_WIDTH - 14;
/** A change beyond lies at the edge: one measure gone wild would hide all others. */
const SHOWN_MAX = 2;
const SHOWN_MIN = -1;

/** @param changed those with a change */
export function changePlot(changed: readonly Changed[], allowedShare: number): Plot {
	const bottom = TOP + changed.length * ROW_HEIGHT;
	const scale = changeScale(changed, allowedShare);
	const x = (share: number): number => LEFT + scale.at(share) * (RIGHT - LEFT);
	const allowedLow = 1 / (1 + allowedShare) - 1;
	const ticks = scale.ticks.map((tick) => {
		const text = tick === 0 ? '0%' : percent(1 + tick).replace('.0%', '%');
		const half = textWidth(text, FONT_SIZE_SMALL) / 2;
		const centre = Math.min(PLOT_WIDTH - half, Math.max(half, x(tick)));
		const place = { x: centre, y: bottom + 14, anchor: 'middle', small: true, class: 'quiet' } as const;
		return `${svgLine(x(tick), TOP, x(tick), bottom, tick === 0 ? 'axis' : 'grid')}${svgText(text, place)}`;
	});
	return {
		svg: [
			svgText('← better', { x: 0, y: 12, small: true, class: 'quiet' }),
			svgText('worse →', { x: PLOT_WIDTH, y: 12, anchor: 'end', small: true, class: 'quiet' }),
			svgBar(x(allowedLow), TOP, x(allowedShare) - x(allowedLow), bottom - TOP, 'allowed'),
			...ticks,
			...changed.map((one, index) => row(one, TOP + index * ROW_HEIGHT, x)),
		].join('\n'),
		height: bottom + 20,
		words: changed.map(rowWords).join(' '),
	};
}

function changeScale(changed: readonly Changed[], allowedShare: number): Scale {
	const ends = changed.flatMap(({ change }) => [change.low - 1, change.high - 1]);
	const finite = ends.filter(Number.isFinite).map((end) => Math.min(SHOWN_MAX, Math.max(SHOWN_MIN, end)));
	const [least, most] = extent([...finite, -1.5 * allowedShare, 1.5 * allowedShare]);
	return linearScale(least, most);
}

function row({ title, change, verdict }: Changed, y: number, x: (share: number) => number): string {
	const figure = percent(change.estimate);
	const room = PLOT_WIDTH - textWidth(figure, FONT_SIZE_SMALL) - FONT_SIZE;
	const middle = y + 26;
	const kind = VERDICT_WORDS[verdict].kind;
	return [
		svgText(title, { x: 0, y: y + 14, widthMax: room, class: 'halo' }),
		svgText(figure, { x: PLOT_WIDTH, y: y + 14, anchor: 'end', small: true, class: 'figures halo' }),
		svgLine(x(change.low - 1), middle, x(change.high - 1), middle, `interval ${kind}`),
		verdictMark(verdict, x(change.estimate - 1), middle),
	].join('');
}

/** A triangle that points up is worse, one that points down better; a ring can not be told. */
function verdictMark(verdict: Comparison['verdict'], x: number, y: number): string {
	const { kind } = VERDICT_WORDS[verdict];
	if (verdict === 'regressed' || verdict === 'improved') {
		const up = verdict === 'regressed' ? -1 : 1;
		const [left, right, tip] = [units(x - 6), units(x + 6), units(y + 6 * up)];
		return `<path d="M${left} ${units(y - 5 * up)}H${right}L${units(x)} ${tip}Z" class="mark ${kind}"/>`;
	}
	return `<circle cx="${units(x)}" cy="${units(y)}" r="4.5" class="mark ${kind}"/>`;
}

function rowWords({ title, change, verdict }: Changed): string {
	const { low, high, estimate } = change;
	return `${title}: ${VERDICT_WORDS[verdict].text}, ${percent(estimate)} (${percent(low)} to ${percent(high)}).`;
}
