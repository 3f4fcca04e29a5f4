/** Records of runs that never were, with figures as they could be and data for every plot. */
import type { BenchRecord, Histogram, Measure } from '../../src/bench/bench-record.ts';

const ROUNDS = 11;
const MODES = { plain: 1, chunked: 1.25, invoke: 1.9 } as const;
const BODIES = { '0': 19, '1KB': 21.5, '100KB': 96, '5MB': 3150 } as const;
const BODY_NAMES = { '0': 'no body', '1KB': '1 KB', '100KB': '100 KB', '5MB': '5 MB' } as const;
const COLD = {
	direct: { spawn: 1.1, bootstrap: 38, probe: 0.4, 'first-byte': 0.9 },
	namespace: { spawn: 1.9, bootstrap: 39.5, probe: 0.6, 'first-byte': 1.0 },
} as const;
const MEMORY = {
	'after-start': ['After start', 46_000],
	'under-load': ['Under load', 61_500],
	'idle-connection': ['Per idle connection', 6.4],
	'idle-function': ['Per idle function', 3.1],
	instance: ['Per instance', 212],
} as const;
const CODE = {
	'head-parse/short': ['ns', 640],
	'head-parse/browser': ['ns', 1830],
	'route-match/10,000 triggers': ['ns', 410],
	'base64/encode 64 KB': ['MB/s', 2900],
	'base64/decode 64 KB': ['MB/s', 2100],
} as const;

/**
 * @param factors by how much measures differ from what they usually are, by the beginning of their id: `{ 'cold/': 1.2 }`
 * @param noise share by which rounds differ
 */
export function aRecord(factors: Readonly<Record<string, number>> = {}, noise = 0.02): BenchRecord {
	const factorOf = (id: string): number =>
		Object.entries(factors).find(([start]) => id.startsWith(start))?.[1] ?? 1;
	const rounds = (id: string, value: number): number[] =>
		Array.from({ length: ROUNDS }, (_, round) => value * factorOf(id) * (1 + noise * wave(id, round)));
	const measure = (
		id: string,
		title: string,
		unit: Measure['unit'],
		value: number,
		reference = Number.NaN,
	): Measure => ({
		id,
		title,
		unit,
		better: unit === 'MB/s' || unit === 'requests/s' ? 'more' : 'less',
		rounds: rounds(id, value),
		reference: Number.isNaN(reference) ? [] : rounds(`reference ${id}`, reference),
	});
	return {
		format: 'httpfn-bench/1',
		subject: 'httpfn 0.1.0 (bun 1.4.5, linux-x64, 0ec2d16)',
		command: 'httpfn bench ./function --rounds 11 --report report.html',
		startedAt: '2026-05-04T03:02:01Z',
		machine: {
			cores: 2,
			cpu: 'Example Processor 3.20GHz',
			kernel: '6.12.0',
			memoryMiB: 7942,
			loadAverage: 0.31,
			fingerprint: 'example',
		},
		measures: [...warm(measure), ...cold(measure), ...rest(measure)],
		histograms: Object.entries({ plain: 0.42, invoke: 0.71, 'plain, nginx': 0.38 }).map(([name, value]) =>
			histogram(name, value * factorOf('latency/')),
		),
		skipped: [{ id: 'cold/namespace/burst', why: 'the kernel refuses user namespaces' }],
	};
}

type Make = (id: string, title: string, unit: Measure['unit'], value: number, reference?: number) => Measure;

function warm(measure: Make): Measure[] {
	return Object.entries(MODES).flatMap(([mode, times]) =>
		Object.entries(BODIES).flatMap(([body, cost]) =>
			Object.entries({ kept: 0, new: 38 }).map(([connection, more]) => {
				const bodyName = BODY_NAMES[body as keyof typeof BODIES];
				const title = `CPU a request, ${bodyName}, ${mode}, ${connection} connections`;
				return measure(`warm/${mode}/${body}/${connection}/cpu`, title, 'µs', cost * times + more, cost);
			}),
		),
	);
}

function cold(measure: Make): Measure[] {
	return Object.entries(COLD).flatMap(([isolation, phases]) =>
		Object.entries(phases).map(([phase, value]) =>
			measure(`cold/${isolation}/${phase}`, `Cold start, ${isolation}, ${phase}`, 'ms', value, value * 0.9),
		),
	);
}

function rest(measure: Make): Measure[] {
	return [
		measure('warm/plain/0/kept/rate', 'Throughput at saturation, no body', 'requests/s', 41_200, 52_000),
		...[1, 10, 100, 1000, 10_000].flatMap((count, index) => [
			measure(`growth/triggers/${count}/cpu`, `CPU a request, ${count} triggers`, 'µs', 19 + 0.4 * index),
			measure(
				`growth/idle connections/${count}/cpu`,
				`CPU a request, ${count} idle`,
				'µs',
				19.5 + index ** 2 / 4,
			),
		]),
		...Object.entries(MEMORY).map(([what, [title, value]]) => measure(`memory/${what}`, title, 'KiB', value)),
		...Object.entries(CODE).map(([what, [unit, value]]) => measure(`code/${what}`, what, unit, value)),
	];
}

function histogram(name: string, typical: number): Histogram {
	const percentiles = [0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999, 1].map((at) => {
		const nines = at === 1 ? 4.5 : -Math.log10(1 - at);
		return { at, value: typical * (0.6 + 0.5 * nines + 0.09 * nines ** 3) };
	});
	return { id: `latency/${name}`, title: `Latency at 2,000 requests/s, ${name}`, unit: 'ms', percentiles };
}

/** Between -1 and 1, another one for each measure and round, and the same in every run. */
function wave(id: string, round: number): number {
	let mixed = round + 1;
	for (const character of id) mixed = (Math.imul(mixed, 31) + character.charCodeAt(0)) | 0;
	return Math.sin(mixed);
}
