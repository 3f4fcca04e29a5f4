import type { Measure } from '../bench-record.ts';

const NONE = '–';
const KIB_PER_MIB = 1024;

/** `1,234 µs`, `12.3 MiB`: three digits that count, and the unit behind a space that does not break. A dash where there is no figure. */
export function figureText(value: number, unit: Measure['unit']): string {
	if (!Number.isFinite(value)) return NONE;
	if (unit === 'KiB' && Math.abs(value) >= 10 * KIB_PER_MIB) return `${digits(value / KIB_PER_MIB)}\u00a0MiB`;
	return `${digits(value)}\u00a0${unit}`;
}

/** On an axis, whose unit stands beside it: without zeros that tell nothing. */
export function tickText(value: number): string {
	return digits(value).replace(/\.(\d*?)0+$/, (_, kept: string) => (kept === '' ? '' : `.${kept}`));
}

/** The figure alone. */
export function digits(value: number): string {
	if (!Number.isFinite(value)) return NONE;
	const size = Math.abs(value);
	if (size >= 1e9 || (size > 0 && size < 1e-3)) return value.toExponential(1).replace('-', '−');
	const places = size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
	const [whole = '', part = ''] = size.toFixed(places).split('.');
	const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
	return `${value < 0 ? '−' : ''}${grouped}${part === '' ? '' : `.${part}`}`;
}
