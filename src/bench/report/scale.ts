/** Where figures lie on an axis. */
export interface Scale {
	/** 0 at one end of the axis, 1 at the other; what lies beyond is put at the end. */
	readonly at: (value: number) => number;
	readonly ticks: readonly number[];
	readonly logarithmic: boolean;
}

/** Beyond this ratio the small ones of a linear axis could not be told apart. */
const LINEAR_RATIO_MAX = 40;
const TICKS_MAX = 5;
const TICK_STEPS = [1, 2, 2.5, 5, 10];

/** From zero, or logarithmic where the figures are too far apart for that and all above zero. */
export function scaleOf(values: readonly number[]): Scale {
	const known = values.filter(Number.isFinite);
	const [least, most] = extent(known);
	if (least > 0 && most / least > LINEAR_RATIO_MAX) return logScale(least, most);
	return linearScale(Math.min(0, least), Math.max(most, 0));
}

export function linearScale(from: number, to: number): Scale {
	const span = to > from ? to - from : 1;
	const step = niceStep(span / TICKS_MAX);
	const ticks: number[] = [];
	const first = Math.ceil(from / step - 1e-9);
	for (let index = first; index * step <= from + span * (1 + 1e-9); index += 1) ticks.push(index * step);
	return { at: (value) => clamp((value - from) / span), ticks, logarithmic: false };
}

/** From the power of ten below the least, so that its bar has a length. */
function logScale(least: number, most: number): Scale {
	const from = Math.floor(Math.log10(least * 0.8));
	const to = Math.log10(most);
	const every = Math.max(1, Math.ceil((to - from) / TICKS_MAX));
	const ticks: number[] = [];
	for (let power = from; power <= to + 1e-9; power += every) ticks.push(10 ** power);
	return { at: (value) => clamp((Math.log10(value) - from) / (to - from)), ticks, logarithmic: true };
}

export function extent(values: readonly number[]): [least: number, most: number] {
	let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
	for (const value of values) {
		least = Math.min(least, value);
		most = Math.max(most, value);
	}
	return least > most ? [0, 0] : [least, most];
}

function niceStep(least: number): number {
	const power = 10 ** Math.floor(Math.log10(least));
	const factor = TICK_STEPS.find((step) => step * power >= least * (1 - 1e-9)) ?? 10;
	return factor * power;
}

/** Below zero on a logarithmic axis is no figure: it lies at the start. */
function clamp(share: number): number {
	return share > 0 ? Math.min(1, share) : 0;
}
