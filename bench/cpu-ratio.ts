/** Processor time a request, and how one program's stands to another's. */
import { median } from '../src/bench/statistics.ts';
import type { LoadResult } from './task.ts';

export interface Ratio {
	readonly median: number;
	readonly min: number;
	readonly max: number;
}

type RoundLoad = LoadResult & { readonly round: number };

export function cpuMicros({ cpuSeconds, requests }: LoadResult): number {
	return (cpuSeconds / requests) * 1e6;
}

/** Within a round, then the median: a machine that is slow for a while is slow for both. Null where they share no round. */
export function cpuRatio(own: readonly RoundLoad[], reference: readonly RoundLoad[]): Ratio | null {
	const ratios = own.flatMap((load) => {
		const other = reference.find(({ round }) => round === load.round);
		return other === undefined ? [] : [cpuMicros(load) / cpuMicros(other)];
	});
	if (ratios.length === 0) return null;
	return { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) };
}

/** `1.08 (0.90–1.33)`. */
export function ratioText(ratio: Ratio | null): string {
	if (ratio === null) return '';
	return `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)})`;
}
