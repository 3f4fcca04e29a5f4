/** Figures as they come, round after round, by what they measure. */
import type { Histogram, Measure } from './bench-record.ts';
import { sortedQuantile } from './statistics.ts';

export type MeasureName = Pick<Measure, 'id' | 'title' | 'unit' | 'better'>;

interface Figures {
	readonly name: MeasureName;
	readonly rounds: number[];
	readonly reference: number[];
}

/** Where a plot has a point. */
const PERCENTILES = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 1];

export class MeasureSheet {
	readonly #figures = new Map<string, Figures>();
	readonly #latencies = new Map<string, { readonly title: string; readonly values: Float64Array[] }>();
	readonly #skipped = new Map<string, string>();

	/** @param reference of the same round; null: there is none for this measure */
	add(name: MeasureName, figure: number, reference: number | null): void {
		const known = this.#figures.get(name.id) ?? { name, rounds: [], reference: [] };
		this.#figures.set(name.id, known);
		known.rounds.push(figure);
		if (reference !== null) known.reference.push(reference);
	}

	/** Milliseconds, of which a plot is made. */
	addLatencies(id: string, title: string, values: Float64Array): void {
		const known = this.#latencies.get(id) ?? { title, values: [] };
		this.#latencies.set(id, known);
		known.values.push(values);
	}

	/** Told once for each thing that can not be measured. */
	skip(id: string, why: string): void {
		this.#skipped.set(id, why);
	}

	get measures(): Measure[] {
		return [...this.#figures.values()].map(({ name, rounds, reference }) => ({ ...name, rounds, reference }));
	}

	get histograms(): Histogram[] {
		return [...this.#latencies].map(([id, { title, values }]) => {
			const all = Float64Array.from(values.flatMap((some) => [...some])).sort();
			const percentiles = PERCENTILES.map((at) => ({ at, value: sortedQuantile(all, at) }));
			return { id, title, unit: 'ms', percentiles };
		});
	}

	get skipped(): { id: string; why: string }[] {
		return [...this.#skipped].map(([id, why]) => ({ id, why }));
	}
}
