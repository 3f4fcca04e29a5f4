/**
 * What one run of a benchmark has found, as `--json` and `--save` write it and `--compare` reads it. docs/bench-record.schema.json is
 * made from this.
 */

import * as z from 'zod/mini';
import { errorText } from '../base/error-text.ts';

const figures = z.array(z.number());

const measure = z.object({
	/** What is measured, the same in every run: `warm/plain/1KB/kept/cpu`. */
	id: z.string().check(z.minLength(1)),
	/** For people: `CPU a request, 1 KB, plain, kept connections`. */
	title: z.string(),
	unit: z.enum(['µs', 'ms', 'ns', 'KiB', 'requests/s', 'MB/s']),
	better: z.enum(['less', 'more']),
	/** One figure a round. */
	rounds: figures,
	/** Of the same rounds: what the reference took, which has none of this product's code. Empty where nothing is to be divided by. */
	reference: figures,
});

/** Values of one kind that were seen, for a plot: latencies of all requests of a measure's rounds. */
const histogram = z.object({
	id: z.string(),
	title: z.string(),
	unit: z.enum(['µs', 'ms']),
	/** Percentiles 0 to 1, ascending, and the value at each. */
	percentiles: z.array(z.object({ at: z.number(), value: z.number() })),
});

const comparison = z.object({
	id: z.string(),
	title: z.string(),
	verdict: z.enum(['regressed', 'improved', 'same', 'cannot tell', 'new', 'gone']),
	/** By how much it is worse: 1.1 is 10% more of what there should be less of. Null where one side is missing. */
	change: z.nullable(z.object({ estimate: z.number(), low: z.number(), high: z.number() })),
	/** Why nothing can be told; empty for every other verdict. */
	why: z.string(),
});

const machine = z.object({
	cores: z.number(),
	cpu: z.string(),
	kernel: z.string(),
	memoryMiB: z.number(),
	/** Runnable processes in the minute before: above 0.5 somebody else was busy here. */
	loadAverage: z.number(),
	/** Of the machine, not of its name: two runs with the same may be compared by the clock. */
	fingerprint: z.string(),
});

const record = z.object({
	format: z.literal('httpfn-bench/1'),
	/** `httpfn 0.1.0 (bun 1.4.5, linux-x64, 0ec2d16)`, or the suite and the engine that ran it. */
	subject: z.string(),
	/** The command that makes such a run. */
	command: z.string(),
	/** RFC 3339, UTC. */
	startedAt: z.string(),
	machine,
	measures: z.array(measure),
	histograms: z.array(histogram),
	/** What could not be measured, and why. */
	skipped: z.array(z.object({ id: z.string(), why: z.string() })),
	/** With the record that was compared with; only what --json writes has them. */
	comparisons: z.optional(z.array(comparison)),
});

export type Measure = Readonly<z.infer<typeof measure>>;
export type Histogram = Readonly<z.infer<typeof histogram>>;
export type Comparison = Readonly<z.infer<typeof comparison>>;
export type Verdict = Comparison['verdict'];
export type Machine = Readonly<z.infer<typeof machine>>;
export type BenchRecord = Readonly<z.infer<typeof record>>;

export function benchRecordSchema(): object {
	return z.toJSONSchema(record);
}

/** Throws a TypeError that says what was found and what was wanted. */
export function parseBenchRecord(text: string): BenchRecord {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		throw new TypeError(`no JSON: ${errorText(error)}`);
	}
	const judged = record.safeParse(value);
	if (judged.success) return judged.data;
	const [issue] = judged.error.issues;
	throw new TypeError(`${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'not what is wanted'}`);
}
